// Go's net/http with gofeed, the same work as bench/poll's programs: see bench/poll/work.hpp.
package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
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

func main() {
	runtime.GOMAXPROCS(1)
	mode, url := os.Args[1], os.Args[2]
	number := func(n int) int { v, _ := strconv.Atoi(os.Args[n]); return v }
	documents, inFlight, polls, ca := number(3), number(4), number(5), os.Args[6]
	config := &tls.Config{ClientSessionCache: tls.NewLRUClientSessionCache(1024)}
	if ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			panic(err)
		}
		config.RootCAs = x509.NewCertPool()
		config.RootCAs.AppendCertsFromPEM(pem)
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: inFlight, MaxConnsPerHost: inFlight, TLSClientConfig: config,
		ForceAttemptHTTP2: false}}
	etags := make([]atomic.Value, documents)
	var notModified, items, read, failed atomic.Int64
	poll := func(n int) {
		n %= documents
		request, _ := http.NewRequest("GET", url+strconv.Itoa(n)+".xml", nil)
		if etag, ok := etags[n].Load().(string); ok && mode == "not_modified" {
			request.Header.Set("If-None-Match", etag)
		}
		response, err := client.Do(request)
		if err != nil {
			if failed.Add(1) == 1 {
				fmt.Fprintln(os.Stderr, err)
			}
			return
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode == 304 {
			notModified.Add(1)
			return
		}
		etags[n].Store(response.Header.Get("ETag"))
		read.Add(int64(len(body)))
		if mode == "parse" {
			if feed, err := gofeed.NewParser().Parse(bytes.NewReader(body)); err == nil {
				items.Add(int64(len(feed.Items)))
			}
		}
	}
	run := func(polls int) {
		var next atomic.Int64
		var wait sync.WaitGroup
		for i := 0; i < inFlight; i++ {
			wait.Add(1)
			go func() {
				defer wait.Done()
				for n := next.Add(1) - 1; n < int64(polls); n = next.Add(1) - 1 {
					poll(int(n))
				}
			}()
		}
		wait.Wait()
	}
	run(documents)
	for _, c := range []*atomic.Int64{&notModified, &items, &read, &failed} {
		c.Store(0)
	}
	start := cpuSeconds()
	run(polls)
	fmt.Printf("{\"polls\": %d, \"not_modified\": %d, \"items\": %d, \"bytes\": %d, \"failed\": %d, \"cpu_seconds\": %.6f}\n", polls,
		notModified.Load(), items.Load(), read.Load(), failed.Load(), cpuSeconds()-start)
}
