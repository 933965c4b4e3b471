package http

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"sealedroom/engine/bridge"
)

// The names of the network. There is no other resolver behind them: a name
// that is not here does not exist, and no query leaves the machine.
const (
	apiName      = "api.internal"
	metadataName = "metadata.internal"
)

var (
	apiAddress       = netip.MustParseAddr("10.0.0.10")
	metadataAddress  = netip.MustParseAddr("169.254.169.254")
	metadataAddress6 = netip.MustParseAddr("fd00:ec2::254")
)

// resolver finds a name's address.
type resolver func(name string) (netip.Addr, error)

func resolve(name string) (netip.Addr, error) {
	switch lower(name) {
	case apiName:
		return apiAddress, nil
	case metadataName:
		return metadataAddress, nil
	}
	if address, err := netip.ParseAddr(name); err == nil {
		return address, nil
	}
	return netip.Addr{}, fmt.Errorf("lookup %.80q: no such host", name)
}

// lower is strings.ToLower for ASCII alone: a host's name with a letter that
// only becomes ASCII in small, as "İ" does, is another name.
func lower(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, name)
}

// loose also reads what the C library takes for an address: 2852039166,
// 0xa9fea9fe, 0251.0376.0251.0376, 169.254.43518, and names with a final dot.
func (r resolver) loose(name string) (netip.Addr, error) {
	if address, ok := parseLoose(name); ok {
		return address, nil
	}
	return r(strings.TrimSuffix(name, "."))
}

// parseLoose is inet_aton: one to four numbers, decimal, octal or hexadecimal,
// of which the last fills all bytes that are left.
func parseLoose(name string) (netip.Addr, bool) {
	parts := strings.Split(name, ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var bits uint64
	for i, part := range parts {
		number, err := strconv.ParseUint(part, 0, 32)
		if err != nil || strings.HasPrefix(part, "0b") || strings.HasPrefix(part, "0o") || strings.Contains(part, "_") {
			return netip.Addr{}, false
		}
		width := 8
		if i == len(parts)-1 {
			width = 8 * (5 - len(parts))
		}
		if number >= 1<<width {
			return netip.Addr{}, false
		}
		bits = bits<<width | number
	}
	return netip.AddrFrom4([4]byte{byte(bits >> 24), byte(bits >> 16), byte(bits >> 8), byte(bits)}), true
}

// checkAddress is the hardened policy after resolving: whatever a name says,
// only the service's own address is dialled.
func checkAddress(call string, address netip.Addr) error {
	if address != apiAddress {
		return bridge.Refuse(bridge.CodeNotGranted, "%s: the host's address is not granted", call).
			Because(fmt.Errorf("resolved to %v", address))
	}
	return nil
}

// network is the two services, each on a loopback port that is not published.
type network struct {
	servers   []*http.Server
	listeners map[netip.Addr]string // the real address behind each of the network's
	running   sync.WaitGroup
}

func startNetwork(vault *bridge.Vault) (*network, error) {
	n := &network{listeners: map[netip.Addr]string{}}
	services := []struct {
		handler   http.Handler
		addresses []netip.Addr
	}{
		{apiService(vault.Peek(apiToken)), []netip.Addr{apiAddress}},
		{metadataService(vault.Peek(metadataToken)), []netip.Addr{metadataAddress, metadataAddress6}},
	}
	for _, service := range services {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, errors.Join(err, n.close())
		}
		server := &http.Server{
			Handler:           service.handler,
			ConnState:         n.connection,
			ErrorLog:          discard,
			ReadHeaderTimeout: 5 * time.Second,
			MaxHeaderBytes:    64 << 10,
			Protocols:         http1(),
		}
		n.servers = append(n.servers, server)
		for _, address := range service.addresses {
			n.listeners[address] = listener.Addr().String()
		}
		n.running.Go(func() { _ = server.Serve(listener) })
	}
	return n, nil
}

// connection lets close wait for every connection, and so for its handler. A
// new one is reported by the listener's goroutine, which counts already.
func (n *network) connection(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		n.running.Add(1)
	case http.StateClosed:
		n.running.Done()
	}
}

// dialer resolves a name, has the address checked, and connects to the
// listener that stands for it. It is the only way out of the transport.
func (n *network) dialer(resolve resolver, check func(string, netip.Addr) error) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, target string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(target)
		if err != nil {
			return nil, err
		}
		address, err := resolve(host)
		if err != nil {
			return nil, err
		}
		address = address.Unmap().WithZone("")
		if check != nil {
			if err := check(callOf(ctx), address); err != nil {
				return nil, err
			}
		}
		listener, ok := n.listeners[address]
		if !ok || port != "80" {
			return nil, fmt.Errorf("connect to %v port %.8s: no route to host", address, port)
		}
		return new(net.Dialer).DialContext(ctx, "tcp", listener)
	}
}

// closeGrace is how long close waits for handlers, which end with their
// connections.
const closeGrace = 2 * time.Second

func (n *network) close() error {
	var problems []error
	for _, server := range n.servers {
		problems = append(problems, server.Close())
	}
	done := make(chan struct{})
	go func() {
		n.running.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(closeGrace):
		problems = append(problems, errors.New("a service is still answering"))
	}
	return errors.Join(problems...)
}

func http1() *http.Protocols {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return protocols
}
