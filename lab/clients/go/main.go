// Command client fetches role credentials with the AWS SDK for Go v2, once per `fetch` line on standard input.
//
// One metadata client lives as long as the process: the token it holds, and its memory that a token could not
// be had, are used again by the next fetch. Every answer is one JSON line; see lab/clients/README.md.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

type answer struct {
	OK        bool   `json:"ok"`
	AccessKey string `json:"access_key,omitempty"`
	Kind      string `json:"kind,omitempty"`
	Error     string `json:"error,omitempty"`
}

func main() {
	provider := newProvider()
	say(map[string]string{"client": "aws-sdk-go-v2", "version": version()})
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if lines.Text() == "fetch" {
			say(fetch(provider))
		}
	}
}

func newProvider() *ec2rolecreds.Provider {
	options := imds.Options{
		Endpoint:     os.Getenv("AWS_EC2_METADATA_SERVICE_ENDPOINT"),
		EndpointMode: imds.EndpointModeStateIPv4,
	}
	if os.Getenv("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE") == "IPv6" {
		options.EndpointMode = imds.EndpointModeStateIPv6
	}
	if os.Getenv("AWS_EC2_METADATA_V1_DISABLED") == "true" {
		options.EnableFallback = aws.FalseTernary
	}
	client := imds.New(options)
	return ec2rolecreds.New(func(o *ec2rolecreds.Options) { o.Client = client })
}

func fetch(provider *ec2rolecreds.Provider) answer {
	found, err := provider.Retrieve(context.Background())
	if err != nil {
		return answer{Kind: kind(err), Error: strings.ReplaceAll(err.Error(), "\n", " ")}
	}
	return answer{OK: true, AccessKey: found.AccessKeyID}
}

// kind sorts an error: no answer in time, no role on the instance, or a refusal. The time-out of a token request
// reaches this place as text alone.
func kind(err error) string {
	var network net.Error
	late := errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &network) && network.Timeout())
	if late || strings.Contains(err.Error(), "timeout awaiting response headers") {
		return "times-out"
	}
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) && response.HTTPStatusCode() == http.StatusNotFound {
		return "no-credentials"
	}
	return "refused"
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, module := range info.Deps {
			if strings.HasSuffix(module.Path, "/feature/ec2/imds") {
				return strings.TrimPrefix(module.Version, "v")
			}
		}
	}
	return "unknown"
}

func say(value any) {
	line, err := json.Marshal(value)
	if err != nil {
		line = []byte(`{"ok":false,"kind":"broken","error":"the answer could not be written as JSON"}`)
	}
	fmt.Println(string(line))
}
