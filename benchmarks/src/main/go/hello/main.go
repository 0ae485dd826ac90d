// Go's net/http: a goroutine for each connection. Arguments: the port, the number of processors, and hello or echo.
package main

import (
	"io"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"time"
)

func hello(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain")
	w.Header().Set("Content-Length", "6")
	io.WriteString(w, "hello\n")
}

func echo(w http.ResponseWriter, r *http.Request) {
	// Otherwise it reads no more of the request once the response has begun.
	if err := http.NewResponseController(w).EnableFullDuplex(); err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(r.ContentLength, 10))
	io.Copy(w, r.Body)
}

func main() {
	processors, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	runtime.GOMAXPROCS(processors)
	handler := hello
	if os.Args[3] == "echo" {
		handler = echo
	}
	server := http.Server{
		Addr:        "127.0.0.1:" + os.Args[1],
		Handler:     http.HandlerFunc(handler),
		IdleTimeout: 10 * time.Minute,
	}
	panic(server.ListenAndServe())
}
