// Command registry runs the reference implementation of the OCI distribution protocol.
package main

import (
	_ "net/http/pprof"

	"github.com/distribution/distribution/v3/registry"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/inmemory"
)

func main() {
	registry.RootCmd.Execute()
}
