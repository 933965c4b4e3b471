package confine

import (
	"errors"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Calls and values that golang.org/x/sys/windows lacks.
var (
	advapi32 = windows.NewLazySystemDLL("advapi32.dll")
	userenv  = windows.NewLazySystemDLL("userenv.dll")

	createRestrictedToken = advapi32.NewProc("CreateRestrictedToken")
	adjustTokenPrivileges = advapi32.NewProc("AdjustTokenPrivileges")
	deriveContainerSID    = userenv.NewProc("DeriveAppContainerSidFromAppContainerName")
)

const (
	attributeSecurityCapabilities = 0x00020009
	attributeChildProcessPolicy   = 0x0002000e
	noChildProcesses              = uint32(1)

	// Mitigations that hold from the first instruction on. V8 makes code, so code
	// made at run time cannot be forbidden.
	noExtensionPoints = 1 << 32
	noForeignFonts    = 1 << 48
	noRemoteImages    = 1 << 52
	noLowImages       = 1 << 56
	system32First     = 1 << 60

	tokenIsAppContainer = 29
	disableMaxPrivilege = 1
	lowIntegrity        = "S-1-16-4096"
	firstMediumLevel    = 0x2000
)

// securityCapabilities is SECURITY_CAPABILITIES: an AppContainer and what it may.
type securityCapabilities struct {
	container    *windows.SID
	capabilities *windows.SIDAndAttributes
	count        uint32
	_            uint32
}

// containerSID is the identity of an AppContainer of this name, which has no profile
// and leaves nothing on the disk. Free it with windows.FreeSid.
func containerSID(name string) (*windows.SID, error) {
	if err := deriveContainerSID.Find(); err != nil {
		return nil, err
	}
	text, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, err
	}
	var sid *windows.SID
	result, _, _ := deriveContainerSID.Call(uintptr(unsafe.Pointer(text)), uintptr(unsafe.Pointer(&sid)))
	if result != 0 || sid == nil {
		return nil, windows.Errno(result & 0xffff)
	}
	return sid, nil
}

// restrictedToken is this process's token without privileges and of low integrity:
// what holds it may read what the person may, and write almost nothing.
func restrictedToken() (windows.Token, error) {
	var own, restricted windows.Token
	err := windows.OpenProcessToken(windows.CurrentProcess(), windows.TOKEN_ALL_ACCESS, &own)
	if err != nil {
		return 0, err
	}
	defer func() { _ = own.Close() }()
	if err := createRestrictedToken.Find(); err != nil {
		return 0, err
	}
	if ok, _, err := createRestrictedToken.Call(uintptr(own), disableMaxPrivilege, 0, 0, 0, 0, 0, 0, uintptr(unsafe.Pointer(&restricted))); ok == 0 {
		return 0, err
	}
	level, err := windows.StringToSid(lowIntegrity)
	if err == nil {
		label := windows.Tokenmandatorylabel{Label: windows.SIDAndAttributes{Sid: level, Attributes: windows.SE_GROUP_INTEGRITY}}
		err = windows.SetTokenInformation(restricted, windows.TokenIntegrityLevel, (*byte)(unsafe.Pointer(&label)), label.Size())
	}
	if err != nil {
		return 0, errors.Join(err, restricted.Close())
	}
	return restricted, nil
}

// adjust changes privileges of a token. Unlike x/sys's call it reports one that the
// token does not have.
func adjust(token windows.Token, list *windows.Tokenprivileges) error {
	ok, _, err := adjustTokenPrivileges.Call(uintptr(token), 0, uintptr(unsafe.Pointer(list)), 0, 0, 0)
	if ok == 0 || errors.Is(err, windows.ERROR_NOT_ALL_ASSIGNED) {
		return err
	}
	return nil
}

// dropPrivileges removes all privileges of this process, for good.
func dropPrivileges() error {
	var token windows.Token
	if err := windows.OpenProcessToken(windows.CurrentProcess(), windows.TOKEN_ADJUST_PRIVILEGES|windows.TOKEN_QUERY, &token); err != nil {
		return err
	}
	defer func() { _ = token.Close() }()
	var buffer [2048]byte
	var size uint32
	if err := windows.GetTokenInformation(token, windows.TokenPrivileges, &buffer[0], uint32(len(buffer)), &size); err != nil {
		return err
	}
	list := (*windows.Tokenprivileges)(unsafe.Pointer(&buffer[0]))
	all := list.AllPrivileges()
	for i := range all {
		all[i].Attributes = windows.SE_PRIVILEGE_REMOVED
	}
	return adjust(token, list)
}

// ownToken answers a question about this process's token with a number.
func ownToken(class uint32) (uint32, error) {
	var answer, size uint32
	err := windows.GetTokenInformation(windows.GetCurrentProcessToken(), class, (*byte)(unsafe.Pointer(&answer)), 4, &size)
	return answer, err
}

// integrity is this process's integrity level: 0x2000 is an ordinary program's.
func integrity() (uint32, error) {
	var buffer [256]byte
	var size uint32
	if err := windows.GetTokenInformation(windows.GetCurrentProcessToken(), windows.TokenIntegrityLevel, &buffer[0], uint32(len(buffer)), &size); err != nil {
		return 0, err
	}
	sid := (*windows.Tokenmandatorylabel)(unsafe.Pointer(&buffer[0])).Label.Sid
	if n := sid.SubAuthorityCount(); n > 0 {
		return sid.SubAuthority(uint32(n) - 1), nil
	}
	return 0, errors.New("integrity level: it has no value")
}
