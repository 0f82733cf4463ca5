#include "helper_limits.h"

#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#ifdef MRTD_SECCOMP
#include <errno.h>
#include <seccomp.h>
#include <sys/mman.h>
#endif

#define FILES_MAX 64 /* as libnfc uses select(), under 1024 in any case */

bool
helper_limits_set(void)
{
	static const struct rlimit none = { 0, 0 };
	static const struct rlimit files = { FILES_MAX, FILES_MAX };

	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       setrlimit(RLIMIT_CORE, &none) == 0 &&
	       setrlimit(RLIMIT_FSIZE, &none) == 0 &&
	       setrlimit(RLIMIT_NOFILE, &files) == 0;
}

#ifdef MRTD_SECCOMP
/*
 * Descriptors that are open: serial line, USB, our socket; memory; time; and
 * ending, be it by abort(). No file, no process, no connection, no program.
 * The rest is refused with EPERM, and not with death: a libnfc that asks for
 * something harmless and new shall go on.
 */
static const int calls[] = { SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(writev),
	SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(sendto),
	SCMP_SYS(sendmsg), SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(poll),
	SCMP_SYS(ppoll), SCMP_SYS(ioctl), SCMP_SYS(fcntl), SCMP_SYS(fsync),
	SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(brk), SCMP_SYS(munmap),
	SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
	SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep), SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(alarm),
	SCMP_SYS(setitimer), SCMP_SYS(getitimer), SCMP_SYS(getpid),
	SCMP_SYS(gettid), SCMP_SYS(tgkill), SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall), SCMP_SYS(getrandom), SCMP_SYS(pipe),
	SCMP_SYS(pipe2), SCMP_SYS(exit), SCMP_SYS(exit_group) };

static int
allow(scmp_filter_ctx filter)
{
	int error = 0;

	for (size_t i = 0; error == 0 && i < sizeof(calls) / sizeof(calls[0]);
	     i++)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	/* Memory without a file behind it, and never to run. */
	if (error == 0)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap),
		    2, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
		    SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS));
	return error;
}

bool
helper_limits_filter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool good;

	if (filter == NULL)
		return false;
	good = allow(filter) == 0 && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return good;
}
#else
bool
helper_limits_filter(void)
{
	return false;
}
#endif
