// Sends content back as it comes, says that more follows, and echoes what is upgraded. Prints its port.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
)

func serve(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") == "echo" {
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Upgrade", "echo")
		w.WriteHeader(http.StatusSwitchingProtocols)
		connection, buffered, err := w.(http.Hijacker).Hijack()
		if err == nil {
			io.Copy(connection, buffered)
			connection.Close()
		}
		return
	}
	http.NewResponseController(w).EnableFullDuplex()
	if r.ContentLength > 0 {
		w.Header().Set("Content-Length", fmt.Sprint(r.ContentLength))
	} else {
		w.Header().Set("Trailer", "X-End")
	}
	io.Copy(w, r.Body)
	w.Header().Set("X-End", "yes")
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	panic(http.Serve(listener, http.HandlerFunc(serve)))
}
