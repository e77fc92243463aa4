// Signs in as azure-sdk-for-go does: crypto/tls picks the certificate by what the server says that it accepts.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	url, authority, certificate, key := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	roots := x509.NewCertPool()
	pem, err := os.ReadFile(authority)
	if err != nil || !roots.AppendCertsFromPEM(pem) {
		log.Fatal("the authority cannot be read: ", err)
	}
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		log.Fatal(err)
	}
	for name, version := range map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13} {
		config := &tls.Config{
			Certificates:       []tls.Certificate{pair},
			RootCAs:            roots,
			MinVersion:         version,
			MaxVersion:         version,
			ClientSessionCache: tls.NewLRUClientSessionCache(8),
		}
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
		for _, what := range []string{"new", "again"} {
			request, _ := http.NewRequest("GET", url, nil)
			request.Header.Set("x-ms-version", "2014-10-01")
			response, err := client.Do(request)
			if err != nil {
				log.Fatal(err)
			}
			io.Copy(io.Discard, response.Body)
			response.Body.Close()
			fmt.Println("TLS", name, what, response.StatusCode, "resumed:", response.TLS.DidResume)
		}
	}
}
