// Package http is the capability "http": real requests to real servers on
// loopback, over a network that has no other addresses.
//
// The network holds the granted service, api.internal, which wants API_TOKEN,
// and a metadata service, which hands METADATA_TOKEN to any caller, as those
// of clouds do.
//
// Hardened, a guest reaches api.internal only: the name is checked before the
// request and on every redirect, the address after resolving; few headers
// pass, sizes and times are bounded. Naive, the host fetches any URL that it
// is given, follows redirects, and sends its token along wherever they lead.
package http

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"sealedroom/engine/bridge"
)

const (
	apiToken      = "API_TOKEN"
	metadataToken = "METADATA_TOKEN"
)

// Kind describes the capability.
func Kind() bridge.Kind {
	return bridge.Kind{
		Name:    "http",
		Methods: []string{"get", "post"},
		Secrets: []bridge.Secret{
			{Name: apiToken, Make: func() string { return bridge.NewSecret("api_") }},
			{Name: metadataToken, Make: func() string { return bridge.NewSecret("mdt_") }},
		},
		Open: func(setup bridge.Setup) bridge.Capability {
			return &fetcher{setup: setup, resolve: resolve}
		},
	}
}

// Bounds; sizes in bytes.
const (
	maxURL       = 2048
	maxHeaders   = 16
	maxHeader    = 1024
	maxHops      = 3  // redirects of a hardened request
	maxNaiveHops = 10 // of a naive one
	maxBody      = 64 << 10
	maxNaiveBody = 128 << 10
)

// fetcher makes the guest's requests. Its servers are started by the first.
type fetcher struct {
	setup   bridge.Setup
	resolve resolver

	mu      sync.Mutex
	network *network
	client  *http.Client
	closed  bool
}

func (f *fetcher) Call(ctx context.Context, method string, args bridge.Args) (any, error) {
	request, err := f.request(ctx, method, args)
	if err != nil {
		return nil, err
	}
	client, err := f.start()
	if err != nil {
		return nil, bridge.Refuse(bridge.CodeFailed, "%s: the network could not be started", args.Call()).Because(err)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, f.refused(args.Call(), err)
	}
	defer response.Body.Close()
	most := maxBody
	if f.setup.Grant == bridge.Naive {
		most = maxNaiveBody
	}
	// Never cut: two cuts of one secret would each pass the scanner.
	body, err := io.ReadAll(io.LimitReader(response.Body, int64(most)+1))
	switch {
	case err != nil:
		return nil, f.refused(args.Call(), err)
	case len(body) > most:
		return nil, bridge.Refuse(bridge.CodeTooLarge, "%s: the response has more than %d bytes", args.Call(), most)
	case !utf8.Valid(body):
		return nil, bridge.Refuse(bridge.CodeInvalid, "%s: the response is not text", args.Call())
	}
	bridge.Log(ctx, fmt.Sprintf("%s %q: status %d, %d bytes", request.Method, response.Request.URL, response.StatusCode, len(body)))
	return reply{response.StatusCode, f.shown(response.Header), string(body)}, nil
}

// reply is what the guest gets.
type reply struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"` // names in small letters
	Body    string            `json:"body"`
}

func (f *fetcher) request(ctx context.Context, method string, args bridge.Args) (*http.Request, error) {
	options := 1
	if method == "post" {
		options = 2
	}
	if err := args.Count(options, options+1); err != nil {
		return nil, err
	}
	text, err := args.Text(0, maxURL)
	if err != nil {
		return nil, err
	}
	var body string
	if method == "post" {
		if body, err = args.Text(1, maxBody); err != nil {
			return nil, err
		}
	}
	headers, err := f.headers(args, options)
	if err != nil {
		return nil, err
	}
	target, err := url.Parse(text)
	if err == nil && target.Scheme != "" && target.Scheme != "http" && target.Scheme != "https" {
		if f.setup.Grant == bridge.Hardened {
			return nil, refuseScheme(args.Call(), target)
		}
		return nil, bridge.Refuse(bridge.CodeInvalid, "%s: the scheme %.20q cannot be fetched: use http", args.Call(), target.Scheme)
	}
	if err != nil || target.Host == "" {
		return nil, bridge.Refuse(bridge.CodeInvalid, "%s: argument 1 is not a URL such as http://api.internal/users", args.Call())
	}
	if f.setup.Grant == bridge.Hardened {
		if err := check(args.Call(), target); err != nil {
			return nil, err
		}
	}
	request, err := http.NewRequestWithContext(withCall(ctx, args.Call()), strings.ToUpper(method), target.String(), bytes.NewReader([]byte(body)))
	if err != nil {
		return nil, bridge.Refuse(bridge.CodeInvalid, "%s: argument 1 is not a URL that can be fetched", args.Call()).Because(err)
	}
	request.Header = headers
	request.Header.Set("User-Agent", "sealedroom")
	return request, nil
}

// sendable are the headers that a hardened guest may set: none that says who
// asks, where the request goes, or how it is framed.
var sendable = []string{"Accept", "Accept-Language", "Content-Type", "If-None-Match"}

func (f *fetcher) headers(args bridge.Args, i int) (http.Header, error) {
	headers := http.Header{}
	if !args.Has(i) {
		return headers, nil
	}
	options, err := args.Object(i)
	if err != nil {
		return nil, err
	}
	for name, raw := range options {
		if name != "headers" {
			return nil, bridge.Refuse(bridge.CodeInvalid, "%s: argument %d has a member %.40q, only \"headers\" is known", args.Call(), i+1, name)
		}
		var given map[string]string
		if json.Unmarshal(raw, &given) != nil || len(given) > maxHeaders {
			return nil, bridge.Refuse(bridge.CodeType, "%s: headers must be an object of at most %d texts", args.Call(), maxHeaders)
		}
		for name, value := range given {
			canonical := http.CanonicalHeaderKey(name)
			if f.setup.Grant == bridge.Hardened && !slices.Contains(sendable, canonical) {
				return nil, bridge.Refuse(bridge.CodeNotGranted, "%s: the header %.40q is not granted: use %s",
					args.Call(), name, strings.Join(sendable, ", "))
			}
			if len(name)+len(value) > maxHeader || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) {
				return nil, bridge.Refuse(bridge.CodeInvalid, "%s: the header %.40q is longer than %d characters, or holds more than printable ASCII",
					args.Call(), name, maxHeader)
			}
			headers.Set(canonical, value)
		}
	}
	return headers, nil
}

// refuseScheme refuses a URL that is not fetched with http.
func refuseScheme(call string, target *url.URL) error {
	return bridge.Refuse(bridge.CodeNotGranted, "%s: the scheme %.20q is not granted: use http", call, target.Scheme)
}

// check is the hardened policy for a URL: one scheme, one name in its one
// spelling, one port, no credentials. It compares, it does not try to
// recognise what is bad.
func check(call string, target *url.URL) error {
	switch {
	case target.Scheme != "http":
		return refuseScheme(call, target)
	case target.User != nil:
		return bridge.Refuse(bridge.CodeNotGranted, "%s: a URL with a user's name is not granted", call)
	case lower(target.Host) != apiName && lower(target.Host) != apiName+":80":
		return bridge.Refuse(bridge.CodeNotGranted, "%s: the host %.80q is not granted: use %s", call, target.Host, apiName)
	}
	return nil
}

// receivable are the headers of a response that a hardened guest gets.
var receivable = []string{"Content-Type", "Content-Language", "Etag", "Cache-Control"}

func (f *fetcher) shown(header http.Header) map[string]string {
	shown := map[string]string{}
	for name, values := range header {
		if f.setup.Grant == bridge.Naive || slices.Contains(receivable, name) {
			shown[strings.ToLower(name)] = strings.ToValidUTF8(strings.Join(values, ", "), "\uFFFD")
		}
	}
	return shown
}

// refused is the error of a request that got no response.
func (f *fetcher) refused(call string, err error) error {
	var refusal *bridge.Refusal
	if f.setup.Grant == bridge.Naive {
		// As a host logs it that logs its requests.
		return fmt.Errorf("%s: %w (sent with Authorization: Bearer %s)", call, err, f.setup.Vault.Peek(apiToken))
	}
	if errors.As(err, &refusal) {
		return refusal
	}
	if redirected(err) {
		return bridge.Refuse(bridge.CodeInvalid, "%s: the redirect leads to no URL", call).Because(err)
	}
	return bridge.Refuse(bridge.CodeFailed, "%s: the service did not answer", call).Because(err)
}

// redirected says whether a redirect's own address was at fault. net/http has
// no error value for it.
func redirected(err error) bool {
	return strings.Contains(err.Error(), "failed to parse Location header")
}

func (f *fetcher) start() (*http.Client, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, errors.New("the network is closed")
	}
	if f.client != nil {
		return f.client, nil
	}
	network, err := startNetwork(f.setup.Vault)
	if err != nil {
		return nil, err
	}
	f.network = network
	f.client = f.newClient(network)
	return f.client, nil
}

// newClient makes the client of one grant.
func (f *fetcher) newClient(network *network) *http.Client {
	transport := &http.Transport{
		Proxy:                  nil, // none, whatever the environment says
		DisableCompression:     true,
		MaxResponseHeaderBytes: 16 << 10,
		MaxIdleConns:           4,
	}
	if f.setup.Grant == bridge.Naive {
		transport.DialContext = network.dialer(f.resolve.loose, nil)
		return &http.Client{
			Transport: bearer{f.setup.Vault, transport, func(*url.URL) bool { return true }},
			CheckRedirect: func(_ *http.Request, via []*http.Request) error {
				if len(via) > maxNaiveHops {
					return fmt.Errorf("stopped after %d redirects", maxNaiveHops)
				}
				return nil
			},
		}
	}
	transport.DialContext = network.dialer(f.resolve, checkAddress)
	return &http.Client{
		Transport: bearer{f.setup.Vault, transport, func(u *url.URL) bool { return check("", u) == nil }},
		CheckRedirect: func(request *http.Request, via []*http.Request) error {
			call := callOf(request.Context())
			if len(via) > maxHops {
				return bridge.Refuse(bridge.CodeNotGranted, "%s: more than %d redirects are not granted", call, maxHops)
			}
			if err := check(call+": redirect", request.URL); err != nil {
				return err
			}
			return nil
		},
	}
}

// bearer sends the host's token. A hardened client sends it to the service
// alone; a naive one to wherever a request is led.
type bearer struct {
	vault     *bridge.Vault
	transport *http.Transport
	trusted   func(*url.URL) bool
}

// RoundTrip adds the token to a copy of the request.
func (b bearer) RoundTrip(request *http.Request) (*http.Response, error) {
	if b.trusted(request.URL) {
		request = request.Clone(request.Context())
		request.Header.Set("Authorization", "Bearer "+b.vault.Use(apiToken))
	}
	return b.transport.RoundTrip(request)
}

// CloseIdleConnections lets http.Client.CloseIdleConnections through.
func (b bearer) CloseIdleConnections() { b.transport.CloseIdleConnections() }

// Close stops the servers and every connection.
func (f *fetcher) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	if f.network == nil {
		return nil
	}
	f.client.CloseIdleConnections()
	err := f.network.close()
	f.network, f.client = nil, nil
	return err
}

type callKey struct{}

// withCall keeps the call's name for the errors of its redirects.
func withCall(ctx context.Context, call string) context.Context {
	return context.WithValue(ctx, callKey{}, call)
}

func callOf(ctx context.Context) string {
	call, _ := ctx.Value(callKey{}).(string)
	return call
}
