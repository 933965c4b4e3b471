package http

import (
	"crypto/subtle"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// slow is how long /slow takes, unless its client goes away.
const slow = 30 * time.Second

// discard takes the servers' own complaints, which only a guest causes.
var discard = log.New(io.Discard, "", 0)

// apiService is the granted service. Every path wants the token.
//
//	GET  /users            a list
//	GET  /status           {"ok":true}
//	POST /orders           {"received":<bytes>}
//	GET  /slow             takes 30 s
//	GET  /redirect?to=URL  redirects there
//	any  /echo             the request's headers and body: a debugging aid that
//	                       was forgotten, and gives the token away
func apiService(token string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]any{"service": apiName, "paths": []string{"/users", "/status", "/orders", "/slow", "/redirect?to=", "/echo"}})
	})
	mux.HandleFunc("GET /users", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, []map[string]any{{"id": 1, "name": "Alice"}, {"id": 2, "name": "Bob"}})
	})
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]any{"ok": true})
	})
	mux.HandleFunc("POST /orders", func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, io.LimitReader(r.Body, maxBody))
		answer(w, http.StatusCreated, map[string]any{"received": n})
	})
	mux.HandleFunc("GET /slow", func(w http.ResponseWriter, r *http.Request) {
		timer := time.NewTimer(slow)
		defer timer.Stop()
		select {
		case <-timer.C:
			answer(w, http.StatusOK, map[string]any{"slow": true})
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("GET /redirect", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
	})
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(io.LimitReader(r.Body, maxBody))
		w.Header().Set("X-Debug-Authorization", r.Header.Get("Authorization"))
		answer(w, http.StatusOK, map[string]any{"headers": r.Header, "body": string(body)})
	})
	expected := []byte("Bearer " + token)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), expected) != 1 {
			answer(w, http.StatusUnauthorized, map[string]any{"error": "a bearer token is wanted"})
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// metadataService gives any caller the identity of the machine, and with which
// token. It answers to its own names only, so that a page in a browser that
// finds the port gets nothing.
func metadataService(token string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !namesMetadata(r.Host) {
			answer(w, http.StatusMisdirectedRequest, map[string]any{"error": "no such host"})
			return
		}
		answer(w, http.StatusOK, map[string]any{"role": "app", "token": token})
	})
}

func namesMetadata(host string) bool {
	if name, ok := strings.CutSuffix(host, ":80"); ok {
		host = name
	}
	address, err := resolver(resolve).loose(strings.Trim(host, "[]"))
	return err == nil && isMetadata(address.Unmap().WithZone(""))
}

func isMetadata(address netip.Addr) bool {
	return address == metadataAddress || address == metadataAddress6
}

func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // the client may be gone
}
