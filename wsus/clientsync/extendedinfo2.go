package clientsync

import "github.com/seed599db172/softwareupdates/internal/soap"

// writeExtendedInfo2 writes the answer in the order of the contract. A key goes out twice, as DecryptionKey and as the one
// element of SecurityData: the two must be equal.
func writeExtendedInfo2(w *soap.Writer, name string, info ExtendedInfo2) {
	w.Open(name)
	writeFragments(w, info.Updates)
	writeFileLocations(w, info.FileLocations)
	if len(info.Decryption) > 0 {
		w.Open("FileDecryptionData")
		for _, d := range info.Decryption {
			w.Open("FileDecryption")
			w.Base64("FileDigest", d.FileDigest[:])
			w.Base64("DecryptionKey", d.Key)
			w.Open("SecurityData")
			w.Base64("base64Binary", d.Key)
			w.Close("SecurityData")
			w.Close("FileDecryption")
		}
		w.Close("FileDecryptionData")
	}
	if len(info.Encryption) > 0 {
		w.Open("UpdateEncryptionDetails")
		for _, e := range info.Encryption {
			w.Open("UpdateEncryptionDetail")
			writeIdentity(w, "UpdateIdentity", e.UpdateID)
			w.Bool("HasEncryptedFiles", e.HasEncryptedFiles)
			w.Close("UpdateEncryptionDetail")
		}
		w.Close("UpdateEncryptionDetails")
	}
	w.Close(name)
}

func readExtendedInfo2(s *soap.Scanner) ExtendedInfo2 {
	var info ExtendedInfo2
	for s.Child() {
		switch string(s.Name()) {
		case "Updates":
			s.List("Update", maxAnswerItems, func() { info.Updates = append(info.Updates, readFragment(s)) })
		case "FileLocations":
			info.FileLocations = readFileLocations(s)
		case "FileDecryptionData":
			s.List("FileDecryption", maxAnswerItems, func() { info.Decryption = append(info.Decryption, readFileDecryption(s)) })
		case "UpdateEncryptionDetails":
			s.List("UpdateEncryptionDetail", maxAnswerItems, func() { info.Encryption = append(info.Encryption, readUpdateEncryption(s)) })
		default:
			s.Skip()
		}
	}
	return info
}

// readFileDecryption takes the key from wherever it stands: some servers leave one of the two places out.
func readFileDecryption(s *soap.Scanner) FileDecryption {
	var d FileDecryption
	for s.Child() {
		switch string(s.Name()) {
		case "FileDigest":
			d.FileDigest, _ = readDigest(s)
		case "DecryptionKey":
			d.Key = s.Base64()
		case "SecurityData":
			s.List("base64Binary", maxInfoTypes, func() {
				if key := s.Base64(); d.Key == nil {
					d.Key = key
				}
			})
		default:
			s.Skip()
		}
	}
	return d
}

func readUpdateEncryption(s *soap.Scanner) UpdateEncryption {
	var e UpdateEncryption
	for s.Child() {
		switch string(s.Name()) {
		case "UpdateIdentity":
			e.UpdateID = readIdentity(s)
		case "HasEncryptedFiles":
			e.HasEncryptedFiles = s.Bool()
		default:
			s.Skip()
		}
	}
	return e
}
