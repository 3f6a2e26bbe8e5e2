package xpress_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/internal/xpress"
)

// vectors are block payloads worked out by others: the first and the second stand in MS-XCA §3, the others were made from
// its text by hand.
var vectors = []struct{ title, block, means string }{
	{"literals only", "3f000000 6162636465666768696a6b6c6d6e6f707172737475767778797a", "abcdefghijklmnopqrstuvwxyz"},
	{"a match over itself", "ffffff1f 616263 1700 0f ff 2601", strings.Repeat("abc", 100)},
	{"the first length of the longest form", "ffffff7f 61 0700 0f ff 1501", strings.Repeat("a", 281)},
	{"two lengths share a byte", "ffffaf00 6162636465666768 3f00 a2 58 a700 59 4f01 0f 00",
		"abcdefghabcdefghabcdXabcdefghabcdefghabcdYabcdefghabcdefghabcdXabcd"},
}

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	require.NoError(t, err)
	return b
}

func framed(size int, block []byte) []byte {
	b := binary.LittleEndian.AppendUint32(nil, uint32(size))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(block)))
	return append(b, block...)
}

func TestVectors(t *testing.T) {
	for _, v := range vectors {
		t.Run(v.title, func(t *testing.T) {
			got, err := xpress.Decode(nil, framed(len(v.means), unhex(t, v.block)), 1000)
			require.NoError(t, err)
			require.Equal(t, v.means, string(got))
		})
	}
	// What repeats is written as in the vectors, byte for byte.
	for _, v := range vectors[1:3] {
		require.Equal(t, framed(len(v.means), unhex(t, v.block)), xpress.Append(nil, []byte(v.means)), v.title)
	}
}

func TestStoredAndEmpty(t *testing.T) {
	require.Equal(t, unhex(t, "02000000 02000000 6869"), xpress.Append(nil, []byte("hi")))
	require.Empty(t, xpress.Append(nil, nil))
	got, err := xpress.Decode([]byte("before "), unhex(t, "02000000 02000000 6869"), 2)
	require.NoError(t, err)
	require.Equal(t, "before hi", string(got))
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 1, 40), 1, 20).Draw(t, "words")
		var body []byte
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(words)-1), 0, 3000).Draw(t, "order") {
			body = append(body, words[i]...)
		}
		packed := xpress.Append(nil, body)
		blocks := (len(body) + xpress.BlockSize - 1) / xpress.BlockSize
		if len(packed) > len(body)+8*blocks {
			t.Fatalf("%d bytes grew to %d", len(body), len(packed))
		}
		got, err := xpress.Decode(nil, packed, int64(len(body)))
		if err != nil || !bytes.Equal(got, body) {
			t.Fatalf("came back as %d of %d bytes, %v", len(got), len(body), err)
		}
		if len(body) > 0 {
			_, err = xpress.Decode(nil, packed, int64(len(body)-1))
			require.ErrorIs(t, err, xpress.ErrTooLong)
		}
	})
}

func TestShrinksMarkup(t *testing.T) {
	body := bytes.Repeat([]byte(`<UpdateInfo><ID>12345</ID><Deployment><Action>Install</Action></Deployment></UpdateInfo>`), 2000)
	require.Less(t, len(xpress.Append(nil, body)), len(body)/20)
	noise := make([]byte, 40_000)
	source := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(source.Uint32())
	}
	require.Len(t, xpress.Append(nil, noise), len(noise)+3*8, "what does not shrink is stored")
}

func TestDamage(t *testing.T) {
	for _, c := range []struct {
		title string
		body  []byte
		want  string
	}{
		{"half a header", unhex(t, "05000000 05"), "5 bytes of a header of 8"},
		{"more promised than there", unhex(t, "05000000 05000000 61"), "5 bytes announced, 1 are there"},
		{"a block that is too long", framed(65536, []byte("x")), "at most 65535"},
		{"ends in literals", framed(9, unhex(t, "00000000 6162")), "ends after 2 of 9 bytes"},
		{"no flags", framed(9, unhex(t, "0000")), "ends after 0 of 9 bytes"},
		{"reaches before the block", framed(9, unhex(t, "ffffff7f 61 0800")), "1 bytes before the block"},
		{"a match longer than the block", framed(4, unhex(t, "ffffff7f 61 0600")), "9 bytes where 3 are missing"},
		{"half a token", framed(9, unhex(t, "ffffff7f 61 08")), "where a match should be"},
		{"no nibble", framed(99, unhex(t, "ffffff7f 61 0700")), "within the length"},
		{"no length byte", framed(99, unhex(t, "ffffff7f 61 0700 0f")), "within the length"},
		{"no length word", framed(99, unhex(t, "ffffff7f 61 0700 0f ff 15")), "within the length"},
		{"a short length in the longest form", framed(99, unhex(t, "ffffff7f 61 0700 0f ff 1500")), "length 21 in its longest form"},
		{"a length of 32 bits", framed(99, unhex(t, "ffffff7f 61 0700 0f ff 0000 15010000")), "length 0 in its longest form"},
	} {
		t.Run(c.title, func(t *testing.T) {
			_, err := xpress.Decode(nil, c.body, 1<<20)
			require.ErrorIs(t, err, xpress.ErrCorrupt)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// A match must not reach into what stands before the block, be it of the caller or of an earlier block.
func TestBlocksStandAlone(t *testing.T) {
	second := framed(4, unhex(t, "ffffffff 0000"))
	_, err := xpress.Decode([]byte("earlier"), append(framed(2, []byte("hi")), second...), 100)
	require.ErrorIs(t, err, xpress.ErrCorrupt)
}

// The promise of a short body must not cost memory.
func TestLimitBoundsMemory(t *testing.T) {
	bomb := bytes.Repeat(framed(65535, unhex(t, "ffffff7f 61 0700 0f ff fbff")), 1000)
	var got []byte
	var err error
	allocated := testing.AllocsPerRun(1, func() { got, err = xpress.Decode(nil, bomb, 100_000) })
	require.ErrorIs(t, err, xpress.ErrTooLong)
	require.LessOrEqual(t, cap(got), 400_000)
	require.Less(t, allocated, 100.0)
}

func FuzzDecode(f *testing.F) {
	for _, v := range vectors {
		f.Add(framed(len(v.means), unhex(f, v.block)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		const limit = 1 << 20
		got, err := xpress.Decode(nil, body, limit)
		require.LessOrEqual(t, len(got), limit+xpress.MaxBlockSize)
		if err != nil {
			return
		}
		again, err := xpress.Decode(nil, xpress.Append(nil, got), int64(len(got)))
		require.NoError(t, err)
		require.True(t, bytes.Equal(got, again))
	})
}

func BenchmarkXpress(b *testing.B) {
	body := bytes.Repeat([]byte(`<UpdateInfo><ID>12345</ID><Deployment><Action>Install</Action></Deployment></UpdateInfo>`), 2000)
	packed := xpress.Append(nil, body)
	b.Run("encode", func(b *testing.B) {
		var out []byte
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			out = xpress.Append(out[:0], body)
		}
	})
	b.Run("decode", func(b *testing.B) {
		var out []byte
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			out, _ = xpress.Decode(out[:0], packed, int64(len(body)))
		}
	})
	b.Run("copy", func(b *testing.B) { // the limit
		var out []byte
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			out = append(out[:0], body...)
		}
	})
}
