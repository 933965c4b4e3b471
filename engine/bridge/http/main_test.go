package http

import (
	"net/http"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func mustRequest(target, host string) *http.Request {
	request, err := http.NewRequest("GET", target, nil)
	if err != nil {
		panic(err)
	}
	request.Host = host
	return request
}
