#include "confine.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#ifdef MRTD_SECCOMP
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

/*
 * A sanitizer maps terabytes, reads /proc and starts a process at the end:
 * under one only the other limits hold. This is the one place that knows.
 */
#ifdef MRTD_SANITIZED
static const bool sanitized = true;
#else
static const bool sanitized = false;
#endif

static bool
set_limit(__rlimit_resource_t which, rlim_t soft, rlim_t hard)
{
	struct rlimit limit, old;

	/* A limit that is tighter already stays, nobody may raise it. */
	if (getrlimit(which, &old) != 0)
		return false;
	limit.rlim_max = hard < old.rlim_max ? hard : old.rlim_max;
	limit.rlim_cur = soft < limit.rlim_max ? soft : limit.rlim_max;
	return setrlimit(which, &limit) == 0;
}

static bool
set_limits(const struct confinement *c)
{
	/* A second after SIGXCPU comes SIGKILL. */
	return set_limit(RLIMIT_CORE, 0, 0) &&
	       set_limit(RLIMIT_CPU, c->cpu_s, (rlim_t)c->cpu_s + 1) &&
	       set_limit(RLIMIT_FSIZE, c->output, c->output) &&
	       (sanitized || (set_limit(RLIMIT_AS, c->memory, c->memory) &&
				 set_limit(RLIMIT_NOFILE, 0, 0) &&
				 set_limit(RLIMIT_NPROC, 0, 0)));
}

#ifdef MRTD_SECCOMP
/* Whatever their arguments. glibc's qsort asks for sysinfo. */
static const int calls[] = { SCMP_SYS(exit_group), SCMP_SYS(exit),
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
	SCMP_SYS(futex), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(restart_syscall), SCMP_SYS(clock_gettime), SCMP_SYS(getrandom),
	SCMP_SYS(sysinfo) };

static int
allow_calls(scmp_filter_ctx filter)
{
	int error = 0;

	for (size_t i = 0; error == 0 && i < sizeof(calls) / sizeof(calls[0]);
	     i++)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	if (error == 0)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(read),
		    1, SCMP_A0(SCMP_CMP_EQ, STDIN_FILENO, 0));
	for (scmp_datum_t fd = STDOUT_FILENO; error == 0 && fd <= STDERR_FILENO;
	     fd++)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW,
		    SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, fd, 0));
	/* Memory without a file behind it, and never to run. */
	if (error == 0)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap),
		    2, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
		    SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS));
	return error;
}

static bool
filter_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool good;

	if (filter == NULL)
		return false;
	good = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
		   SCMP_ACT_KILL_PROCESS) == 0 &&
	       allow_calls(filter) == 0 && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return good;
}
#else
static bool
filter_calls(void)
{
	return false;
}
#endif

bool
confine(const struct confinement *confinement, bool *out_filtered)
{
	*out_filtered = false;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    !set_limits(confinement))
		return false;
	*out_filtered = !sanitized && filter_calls();
	return true;
}
