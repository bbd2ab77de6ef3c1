// Verifies a log over HTTP as the Go module checksum database's own code does:
// golang.org/x/mod/sumdb/note opens the checkpoint, golang.org/x/mod/sumdb/tlog
// checks tiles, proofs of entries and proofs of growth. Nothing here computes a
// hash of the tree or the bytes of a signature by itself, save cosignatures,
// which that code does not know (c2sp.org/tlog-cosignature).
//
//	go run main.go <address> <token> <verifier key> <verifier key of a witness>
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var address, token string

func main() {
	address, token = os.Args[1], os.Args[2]
	log, err := note.NewVerifier(os.Args[3])
	must(err)
	witness := newCosigner(os.Args[4])

	opened, err := note.Open(get("/v1/log/checkpoint?cosigned=true"), note.VerifierList(log, witness))
	must(err)
	if len(opened.Sigs) != 2 {
		fail("%d of log and witness have signed", len(opened.Sigs))
	}
	tree := parse(opened.Text)
	hashes := tlog.TileHashReader(tree, tiles{})

	root, err := tlog.TreeHash(tree.N, hashes)
	must(err)
	if root != tree.Hash {
		fail("the tiles have the root %v", root)
	}

	var older []tlog.Tree
	for n := int64(0); n < tree.N; n++ {
		text := entry(n, tree.N)
		found := struct {
			Leaf, Checkpoint string
			Size             int64
			Proof            tlog.RecordProof
		}{}
		must(json.Unmarshal(get(fmt.Sprintf("/v1/log/proof?entry=%d&size=%d", n, tree.N)), &found))
		must(tlog.CheckRecord(found.Proof, tree.N, tree.Hash, n, tlog.RecordHash(text)))
		if tlog.CheckRecord(found.Proof, tree.N, tree.Hash, n, tlog.RecordHash(append(text, ' '))) == nil {
			fail("a changed entry %d is proven", n)
		}
		// The same as Go makes it from the tiles.
		made, err := tlog.ProveRecord(tree.N, n, hashes)
		must(err)
		if fmt.Sprint(made) != fmt.Sprint(found.Proof) {
			fail("the proof of entry %d is not the one that the tiles give", n)
		}
		if n > 0 {
			root, err := tlog.TreeHash(n, hashes)
			must(err)
			older = append(older, tlog.Tree{N: n, Hash: root})
		}
	}

	for _, old := range older {
		grown := struct{ Proof tlog.TreeProof }{}
		must(json.Unmarshal(get(fmt.Sprintf("/v1/log/proof?from=%d&to=%d", old.N, tree.N)), &grown))
		must(tlog.CheckTree(grown.Proof, tree.N, tree.Hash, old.N, old.Hash))
		if old.N > 1 && tlog.CheckTree(grown.Proof, tree.N, tree.Hash, old.N, older[0].Hash) == nil {
			fail("another tree of %d entries is proven", old.N)
		}
	}
	fmt.Printf("verified %d entries\n", tree.N)
}

// parse reads the text of a checkpoint; the parser of tlog takes its own first line only.
func parse(text string) tlog.Tree {
	lines := strings.SplitN(text, "\n", 2)
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + lines[1]))
	must(err)
	return tree
}

// tiles reads tiles by their C2SP names: tile/L/N, without the height of 8 that Go's have.
type tiles struct{}

func (tiles) Height() int { return 8 }

func (tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		all = append(all, get("/v1/log/tile/"+strings.TrimPrefix(tile.Path(), "tile/8/")))
	}
	return all, nil
}

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

var bundles = map[int64][][]byte{}

// entry is the text of an entry, out of its bundle.
func entry(n, size int64) []byte {
	index := n / 256
	if bundles[index] == nil {
		width := size - index*256
		if width > 256 {
			width = 256
		}
		path := tlog.Tile{H: 8, L: -1, N: index, W: int(width)}.Path()
		bundle := get("/v1/log/tile/entries/" + strings.TrimPrefix(path, "tile/8/data/"))
		for len(bundle) > 0 {
			length := binary.BigEndian.Uint16(bundle)
			bundles[index] = append(bundles[index], bundle[2:2+length])
			bundle = bundle[2+length:]
		}
	}
	return append([]byte{}, bundles[index][n%256]...)
}

// cosigner verifies the cosignatures of a witness, version 1.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func newCosigner(text string) cosigner {
	parts := strings.SplitN(text, "+", 3)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	hash := binary.BigEndian.Uint32(sum[:])
	if key[0] != 4 || fmt.Sprintf("%08x", hash) != parts[1] {
		fail("the key of the witness is none")
	}
	return cosigner{parts[0], hash, ed25519.PublicKey(key[1:])}
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 72 {
		return false
	}
	seconds := strconv.FormatUint(binary.BigEndian.Uint64(signature), 10)
	message := append([]byte("cosignature/v1\ntime "+seconds+"\n"), text...)
	return ed25519.Verify(c.key, message, signature[8:])
}

func get(path string) []byte {
	request, err := http.NewRequest("GET", address+path, nil)
	must(err)
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	must(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must(err)
	if response.StatusCode != 200 {
		fail("%s: %s %s", path, response.Status, bytes.TrimSpace(body))
	}
	return body
}

func must(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func fail(format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(1)
}
