// Command urls tries URLs with net/http: one URL in hex for each line of standard input, one line of outcome each.
// See lab/urls/README.md.
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"time"
)

func main() {
	client := newClient()
	fmt.Printf("{\"client\":\"net/http\",\"version\":%q}\n", strings.TrimPrefix(runtime.Version(), "go"))
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		url, err := hex.DecodeString(lines.Text())
		if err == nil {
			err = attempt(client, string(url))
		}
		if err != nil {
			fmt.Printf("- %q\n", err.Error())
		} else {
			fmt.Println("+")
		}
	}
}

func newClient() *http.Client {
	dialer := &net.Dialer{Timeout: 300 * time.Millisecond}
	return &http.Client{
		Timeout:       time.Second,
		Transport:     &http.Transport{DisableKeepAlives: true, DialContext: dialer.DialContext},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func attempt(client *http.Client, url string) error {
	answer, err := client.Get(url)
	if err != nil {
		return err
	}
	return answer.Body.Close()
}
