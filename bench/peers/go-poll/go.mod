module feedwatch/bench/go-poll

go 1.21

require github.com/mmcdole/gofeed v1.4.2
