package confine

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"
)

// startingMemory is how much more than its heap limit, in bytes, a worker may have
// until it is ready. LimitMemory takes most of it back.
const startingMemory = 512 << 20

// Job is the job object that a worker is in: it is alone there, its memory is
// limited, and it dies with the host.
type Job struct{ handle windows.Handle }

// newJob makes a job for one process with so much private memory, in bytes.
func newJob(memory int64) (*Job, error) {
	handle, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return nil, fmt.Errorf("make a job object: %w", err)
	}
	job := &Job{handle}
	if err := job.LimitMemory(memory); err != nil {
		job.Close()
		return nil, err
	}
	return job, nil
}

// LimitMemory has Windows refuse the worker more private memory than this many bytes.
func (j *Job) LimitMemory(bytes int64) error {
	var limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_ACTIVE_PROCESS | windows.JOB_OBJECT_LIMIT_PROCESS_MEMORY |
		windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | windows.JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION
	limits.BasicLimitInformation.ActiveProcessLimit = 1
	limits.ProcessMemoryLimit = uintptr(bytes)
	_, err := windows.SetInformationJobObject(j.handle, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	if err != nil {
		return fmt.Errorf("limit a job object: %w", err)
	}
	return nil
}

// Close ends the worker if it lives.
func (j *Job) Close() { _ = windows.CloseHandle(j.handle) }

// Start starts a worker: suspended, put into its job, and then resumed. It has no
// handles but these, and output for what it prints. It is in an AppContainer of its
// own where Windows makes one, else it has a restricted token of low integrity, or
// neither: Seal says what it found. The command's process is set.
func Start(cmd *exec.Cmd, heap int64, output windows.Handle, pipes ...windows.Handle) (*Job, error) {
	job, err := newJob(heap + startingMemory)
	if err != nil {
		return nil, err
	}
	err = launch(cmd, job, output, pipes, create)
	for _, other := range []creator{createRestricted, createPlain} {
		if err != nil {
			err = launch(cmd, job, output, pipes, other)
		}
	}
	if err != nil {
		job.Close()
		return nil, fmt.Errorf("start %q: %w", cmd.Path, err)
	}
	return job, nil
}

// process is what a creator needs: a command line, an environment and handles.
type process struct {
	program, line, environment, folder *uint16
	startup                            windows.StartupInfoEx
	list                               *windows.ProcThreadAttributeListContainer
	keep                               []any // what the list points to
}

const creationFlags = windows.CREATE_SUSPENDED | windows.EXTENDED_STARTUPINFO_PRESENT | windows.CREATE_UNICODE_ENVIRONMENT |
	windows.CREATE_NO_WINDOW | windows.CREATE_NEW_PROCESS_GROUP

// creator makes a suspended process.
type creator func(p *process, made *windows.ProcessInformation) error

func create(p *process, made *windows.ProcessInformation) error {
	// A name of its own for each: two workers of one container could open each other.
	sid, err := containerSID("SealedRoom." + rand.Text())
	if err != nil {
		return err
	}
	defer func() { _ = windows.FreeSid(sid) }()
	capabilities := &securityCapabilities{container: sid}
	if err := p.list.Update(attributeSecurityCapabilities, unsafe.Pointer(capabilities), unsafe.Sizeof(*capabilities)); err != nil {
		return err
	}
	p.keep = append(p.keep, capabilities)
	return createPlain(p, made)
}

func createRestricted(p *process, made *windows.ProcessInformation) error {
	token, err := restrictedToken()
	if err != nil {
		return err
	}
	defer func() { _ = token.Close() }()
	return windows.CreateProcessAsUser(token, p.program, p.line, nil, nil, true, creationFlags, p.environment, p.folder, &p.startup.StartupInfo, made)
}

func createPlain(p *process, made *windows.ProcessInformation) error {
	return windows.CreateProcess(p.program, p.line, nil, nil, true, creationFlags, p.environment, p.folder, &p.startup.StartupInfo, made)
}

func launch(cmd *exec.Cmd, job *Job, output windows.Handle, pipes []windows.Handle, create creator) error {
	p, err := newProcess(cmd, output, pipes)
	if err != nil {
		return err
	}
	defer p.list.Delete()
	var made windows.ProcessInformation
	err = create(p, &made)
	runtime.KeepAlive(p)
	if err != nil {
		return err
	}
	defer func() { _, _ = windows.CloseHandle(made.Thread), windows.CloseHandle(made.Process) }()
	err = windows.AssignProcessToJobObject(job.handle, made.Process)
	if err == nil {
		cmd.Process, err = os.FindProcess(int(made.ProcessId))
	}
	if err == nil {
		_, err = windows.ResumeThread(made.Thread)
	}
	if err != nil {
		return errors.Join(err, windows.TerminateProcess(made.Process, 1))
	}
	return nil
}

func newProcess(cmd *exec.Cmd, output windows.Handle, pipes []windows.Handle) (*process, error) {
	p := &process{}
	// Windows takes a program without SystemRoot for broken, and finds no library.
	environment := append([]string{pipesVariable(pipes), "SystemRoot=" + os.Getenv("SystemRoot"), folderEnv + "=" + os.Getenv(folderEnv)}, cmd.Env...)
	var block []uint16
	for _, variable := range environment {
		block = append(append(block, utf16.Encode([]rune(variable))...), 0)
	}
	block = append(block, 0)
	p.environment = &block[0]
	var err error
	if p.program, err = windows.UTF16PtrFromString(cmd.Path); err != nil {
		return nil, err
	}
	if p.line, err = windows.UTF16PtrFromString(windows.ComposeCommandLine(cmd.Args)); err != nil {
		return nil, err
	}
	folder, err := windows.GetSystemDirectory() // which every process may enter
	if err != nil {
		return nil, err
	}
	if p.folder, err = windows.UTF16PtrFromString(folder); err != nil {
		return nil, err
	}
	if p.list, err = windows.NewProcThreadAttributeList(4); err != nil {
		return nil, err
	}
	handles := append([]windows.Handle{output}, pipes...)
	for _, h := range handles {
		if err := windows.SetHandleInformation(h, windows.HANDLE_FLAG_INHERIT, windows.HANDLE_FLAG_INHERIT); err != nil {
			p.list.Delete()
			return nil, err
		}
	}
	mitigations, children := new(uint64), new(uint32)
	*mitigations, *children = noExtensionPoints|noForeignFonts|noRemoteImages|noLowImages|system32First, noChildProcesses
	err = errors.Join(
		p.list.Update(windows.PROC_THREAD_ATTRIBUTE_HANDLE_LIST, unsafe.Pointer(&handles[0]), uintptr(len(handles))*unsafe.Sizeof(handles[0])),
		p.list.Update(windows.PROC_THREAD_ATTRIBUTE_MITIGATION_POLICY, unsafe.Pointer(mitigations), unsafe.Sizeof(*mitigations)),
		p.list.Update(attributeChildProcessPolicy, unsafe.Pointer(children), unsafe.Sizeof(*children)),
	)
	if err != nil {
		p.list.Delete()
		return nil, err
	}
	p.keep = []any{handles, mitigations, children}
	p.startup.Cb = uint32(unsafe.Sizeof(p.startup))
	p.startup.Flags = windows.STARTF_USESTDHANDLES
	p.startup.StdOutput, p.startup.StdErr = output, output
	p.startup.ProcThreadAttributeList = p.list.List()
	return p, nil
}
