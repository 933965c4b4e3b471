package confine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// refusals are what a wall answers. Any other error comes from a system that took
// the call and disliked its arguments.
var refusals = []syscall.Errno{
	windows.ERROR_ACCESS_DENIED, windows.ERROR_NOT_ENOUGH_QUOTA, windows.ERROR_COMMITMENT_LIMIT, windows.ERROR_NOT_ENOUGH_MEMORY,
	windows.ERROR_NOT_ALL_ASSIGNED, windows.ERROR_PRIVILEGE_NOT_HELD, windows.ERROR_CHILD_PROCESS_BLOCKED, windows.WSAEACCES,
}

func refused(err error) bool {
	var errno syscall.Errno
	return errors.As(err, &errno) && slices.Contains(refusals, errno)
}

// The attempts, by what they try.
const (
	tryOpen     = "open your user's folder"
	tryWrite    = "write a file there"
	tryRegistry = "write to the registry"
	trySend     = "send a packet"
	tryProgram  = "start a program"
	tryLeave    = "start a program outside of its job"
	tryHost     = "open the host's process"
	tryMemory   = "map more memory than the limit"
	tryRight    = "use a privilege"
)

func tries() []try {
	return []try{
		{tryOpen, openFolder, []string{AppContainer}},
		{tryWrite, writeFile, []string{AppContainer, LowIntegrity}},
		{tryRegistry, writeRegistry, []string{AppContainer, LowIntegrity}},
		{trySend, sendPacket, []string{AppContainer}},
		{tryProgram, func() error { return startProgram(0) }, []string{JobObject}},
		{tryLeave, func() error { return startProgram(windows.CREATE_BREAKAWAY_FROM_JOB) }, []string{JobObject}},
		{tryHost, openHost, []string{AppContainer, LowIntegrity}},
		{tryMemory, mapPastLimit, []string{JobObject}},
		{tryRight, usePrivilege, []string{Privileges}},
	}
}

// seal names a wall only after it has refused something: Wine answers yes to all
// that was asked when the worker was started, and holds nothing.
func seal([]string) (walls []Wall, lacking []string) {
	dropped := dropPrivileges()
	answers := map[string]error{}
	for _, t := range tries() {
		answers[t.name] = t.do()
	}
	note := func(name, strength string, err error, attempts ...string) {
		for _, attempt := range attempts {
			if err == nil {
				err = notRefused(attempt, answers[attempt])
			}
		}
		if err != nil {
			lacking = append(lacking, name+": "+err.Error())
			return
		}
		walls = append(walls, Wall{name, strength})
	}
	note(AppContainer, "no network, no registry, and no files but those that Windows shows to every app, which it cannot write",
		inContainer(), tryOpen, tryWrite, tryRegistry, trySend, tryHost)
	note(LowIntegrity, "it can change nothing that an ordinary program made, and open no other process", belowMedium(), tryWrite, tryRegistry, tryHost)
	note(Privileges, "none, and no way to get any", dropped, tryRight)
	note(JobObject, "one process, which cannot leave; its private memory is limited", nil, tryProgram, tryLeave, tryMemory)
	return walls, append(lacking, ThreadCount+": threads are not counted on Windows: its memory limit bounds them")
}

// notRefused says why an attempt proves no wall; nil if it was refused.
func notRefused(attempt string, err error) error {
	switch {
	case err == nil:
		return fmt.Errorf("this Windows let a worker %s", attempt)
	case !refused(err):
		return fmt.Errorf("a worker's attempt to %s proves nothing: %w", attempt, err)
	}
	return nil
}

func inContainer() error {
	yes, err := ownToken(tokenIsAppContainer)
	if err == nil && yes == 0 {
		return errors.New("this Windows put the worker in none")
	}
	return err
}

func belowMedium() error {
	level, err := integrity()
	if err == nil && level >= firstMediumLevel {
		return errors.New("the worker has an ordinary program's integrity level")
	}
	return err
}

const folderEnv = "USERPROFILE"

// unknown is an error that is no refusal, whatever its cause.
func unknown(what string, err error) error { return fmt.Errorf("%s: %v", what, err) }

// userFolder is the person's, which the attempts try: the host passes its name.
func userFolder() (string, error) {
	if folder := os.Getenv(folderEnv); folder != "" {
		return folder, nil
	}
	folder, err := windows.GetCurrentProcessToken().GetUserProfileDirectory()
	if err != nil {
		return "", unknown("find the user's folder", err)
	}
	return folder, nil
}

func openFolder() error {
	folder, err := userFolder()
	if err != nil {
		return err
	}
	return openAndClose(folder, windows.GENERIC_READ, windows.OPEN_EXISTING, windows.FILE_FLAG_BACKUP_SEMANTICS)
}

func writeFile() error {
	folder, err := userFolder()
	if err != nil {
		return err
	}
	name := filepath.Join(folder, fmt.Sprintf("sealedroom-%d.tmp", os.Getpid()))
	return openAndClose(name, windows.GENERIC_WRITE|windows.DELETE, windows.CREATE_NEW, windows.FILE_FLAG_DELETE_ON_CLOSE)
}

func openAndClose(path string, access, mode, flags uint32) error {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	h, err := windows.CreateFile(name, access, windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE, nil, mode, flags, 0)
	if err != nil {
		return err
	}
	_ = windows.CloseHandle(h)
	return nil
}

func writeRegistry() error {
	name := fmt.Sprintf(`Software\sealedroom-%d`, os.Getpid())
	key, there, err := registry.CreateKey(registry.CURRENT_USER, name, registry.WRITE)
	if err != nil {
		return err
	}
	_ = key.Close()
	if !there {
		return registry.DeleteKey(registry.CURRENT_USER, name)
	}
	return nil
}

// sendPacket sends one to this machine, to a port that nothing listens at.
func sendPacket() error {
	var data windows.WSAData
	if err := windows.WSAStartup(0x202, &data); err != nil {
		return unknown("start the network library", err)
	}
	defer func() { _ = windows.WSACleanup() }()
	s, err := windows.Socket(windows.AF_INET, windows.SOCK_DGRAM, windows.IPPROTO_UDP)
	if err != nil {
		return err
	}
	defer func() { _ = windows.Closesocket(s) }()
	return windows.Sendto(s, []byte{0}, 0, &windows.SockaddrInet4{Port: 9, Addr: [4]byte{127, 0, 0, 1}})
}

// startProgram starts one suspended and ends it before it has run.
func startProgram(flags uint32) error {
	folder, err := windows.GetSystemDirectory()
	if err != nil {
		return unknown("find a program", err)
	}
	program, err := windows.UTF16PtrFromString(filepath.Join(folder, "cmd.exe"))
	if err != nil {
		return err
	}
	startup := windows.StartupInfo{}
	startup.Cb = uint32(unsafe.Sizeof(startup))
	var made windows.ProcessInformation
	if err := windows.CreateProcess(program, nil, nil, nil, false, windows.CREATE_SUSPENDED|windows.CREATE_NO_WINDOW|flags, nil, nil, &startup, &made); err != nil {
		return err
	}
	_ = windows.TerminateProcess(made.Process, 0)
	_, _ = windows.CloseHandle(made.Thread), windows.CloseHandle(made.Process)
	return nil
}

func openHost() error {
	h, err := windows.OpenProcess(windows.PROCESS_TERMINATE|windows.PROCESS_VM_READ, false, uint32(os.Getppid()))
	if err != nil {
		return err
	}
	_ = windows.CloseHandle(h)
	return nil
}

// mapPastLimit asks for as much as its job allows in all: some of it is in use.
func mapPastLimit() error {
	var limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	err := windows.QueryInformationJobObject(0, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)), nil)
	if err != nil {
		return unknown("ask for the job's limit", err)
	}
	if limits.BasicLimitInformation.LimitFlags&windows.JOB_OBJECT_LIMIT_PROCESS_MEMORY == 0 {
		return errors.New("its job has no memory limit")
	}
	at, err := windows.VirtualAlloc(0, limits.ProcessMemoryLimit, windows.MEM_RESERVE|windows.MEM_COMMIT, windows.PAGE_READWRITE)
	if err != nil {
		return err
	}
	_ = windows.VirtualFree(at, 0, windows.MEM_RELEASE)
	return nil
}

func usePrivilege() error {
	var token windows.Token
	if err := windows.OpenProcessToken(windows.CurrentProcess(), windows.TOKEN_ADJUST_PRIVILEGES|windows.TOKEN_QUERY, &token); err != nil {
		return err
	}
	defer func() { _ = token.Close() }()
	name, err := windows.UTF16PtrFromString("SeShutdownPrivilege")
	if err != nil {
		return err
	}
	list := windows.Tokenprivileges{PrivilegeCount: 1}
	list.Privileges[0].Attributes = windows.SE_PRIVILEGE_ENABLED
	if err := windows.LookupPrivilegeValue(nil, name, &list.Privileges[0].Luid); err != nil {
		return unknown("find a privilege", err)
	}
	return adjust(token, &list)
}
