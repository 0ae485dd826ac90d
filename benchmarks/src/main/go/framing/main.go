// Command framing is Go's net/http on the Unix socket that its argument names. It tells in each response what it understood of
// the request: Heard: method.target.length.digest.
package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
)

func main() {
	listener, err := net.Listen("unix", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	server := http.Server{
		Handler:                      http.HandlerFunc(tell),
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     log.New(io.Discard, "", 0),
	}
	log.Fatal(server.Serve(listener))
}

func tell(response http.ResponseWriter, request *http.Request) {
	content, err := io.ReadAll(request.Body)
	if err != nil {
		response.Header().Set("Connection", "close")
		response.WriteHeader(http.StatusBadRequest)
		return
	}
	digest := sha256.Sum256(content)
	response.Header().Set("Heard", fmt.Sprintf("%x.%x.%d.%x", request.Method, request.RequestURI, len(content), digest[:8]))
}
