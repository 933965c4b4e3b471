package catalog_test

import (
	"context"
	"fmt"

	"sealedroom/engine/bridge"
	"sealedroom/engine/bridge/catalog"
)

// A run opens a broker, has calls answered and what leaves watched, and closes
// it. What the naive grant reveals, the hardened one does not.
func Example() {
	for _, grant := range []bridge.Grant{bridge.Hardened, bridge.Naive} {
		broker, err := bridge.Open(catalog.Kinds(), map[string]bridge.Grant{"db": grant}, bridge.Budget{Calls: 10}, bridge.NewVault())
		if err != nil {
			panic(err)
		}
		answer := broker.Call(context.Background(), "db", "query", []byte(`["SELECT * FROM users WHERE active = true"]`))
		fmt.Println(grant, answer.Decision, string(answer.JSON))

		answer = broker.Call(context.Background(), "db", "query", []byte(`["SELECT api_key FROM credentials WHERE user_id = 1"]`))
		fmt.Println(grant, answer.Decision)
		broker.Scanner().Scan(bridge.Place{Stream: bridge.Console, N: 1}, answer.JSON)

		if err := broker.Close(); err != nil {
			panic(err)
		}
		for _, secret := range broker.Secrets() {
			fmt.Println(grant, secret.Name, secret.Used, secret.Revealed, secret.Where)
		}
	}
	// Output:
	// hardened allowed {"rows":[{"id":1,"name":"Alice","active":true}],"count":1}
	// hardened denied
	// hardened CUSTOMER_KEY 0 0 []
	// hardened DB_PASSWORD 1 0 []
	// naive allowed {"rows":[{"id":1,"name":"Alice","active":true}],"count":1}
	// naive allowed
	// naive CUSTOMER_KEY 0 2 [answer of call 2 console line 1]
	// naive DB_PASSWORD 1 0 []
}
