// gofeed over the same documents: gofeed SECONDS BYTES FOLDER...
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"syscall"

	"github.com/mmcdole/gofeed"
)

func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

func read(folders []string, max int) (documents [][]byte) {
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*"))
		if err != nil {
			panic(err)
		}
		sort.Strings(files)
		taken := 0
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				panic(err)
			}
			taken += len(b)
			if taken > max/len(folders) {
				break
			}
			documents = append(documents, b)
		}
	}
	return
}

func main() {
	runtime.GOMAXPROCS(1)
	seconds, _ := strconv.ParseFloat(os.Args[1], 64)
	max, _ := strconv.Atoi(os.Args[2])
	documents := read(os.Args[3:], max)
	total, items, passes := 0, 0, 0
	pass := func() {
		for _, d := range documents {
			feed, err := gofeed.NewParser().Parse(bytes.NewReader(d))
			if err == nil {
				items += len(feed.Items)
			}
			total += len(d)
		}
	}
	pass()
	found := items
	total, items = 0, 0
	start := cpuSeconds()
	for {
		pass()
		passes++
		if cpuSeconds()-start >= seconds {
			break
		}
	}
	fmt.Printf("{\"bytes\": %d, \"items\": %d, \"items_a_pass\": %d, \"passes\": %d, \"cpu_seconds\": %.6f}\n", total, items, found,
		passes, cpuSeconds()-start)
}
