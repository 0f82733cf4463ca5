/*
 * confined ATTEMPT - gives up what mrtd-decode gives up, then tries what it
 * may not. 0: the attempt was refused, or was allowed as it should be; 1: it
 * worked, and must not; anything else is how the kernel ended it.
 */
#include "confine.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>

#define MEMORY ((size_t)200 << 20)

static int other = -1; /* a file that was open before */

static int
try_open(void)
{
	return open("/etc/passwd", O_RDONLY) >= 0;
}

static int
try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static int
try_execve(void)
{
	char name[] = "true";
	char *const arguments[] = { name, NULL };

	execve("/bin/true", arguments, NULL);
	return 0;
}

static int
try_fork(void)
{
	return fork() >= 0;
}

static int
try_kill(void)
{
	return kill(getppid(), 0) == 0;
}

static int
try_ptrace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static int
try_mprotect(void)
{
	static char page[4096];

	return mprotect((void *)((size_t)page & ~(size_t)4095), 4096,
		   PROT_READ | PROT_EXEC) == 0;
}

static int
try_map_executable(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static int
try_map_file(void)
{
	return mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, other, 0) != MAP_FAILED;
}

static int
try_write_other(void)
{
	return write(other, "x", 1) == 1;
}

static int
try_read_other(void)
{
	char byte;

	return read(other, &byte, 1) == 1;
}

static int
try_prctl(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0;
}

/* What decoding needs is there. */
static int
try_compute(void)
{
	char *block = malloc(MEMORY / 4);
	char byte;

	if (block == NULL)
		return 1;
	memset(block, 1, MEMORY / 4);
	free(block);
	return read(STDIN_FILENO, &byte, 1) != 0 ||
	       write(STDOUT_FILENO, "", 0) != 0;
}

static int
try_memory(void)
{
	void *block = malloc(MEMORY);
	bool got = block != NULL;

	free(block);
	return got;
}

static int
try_time(void)
{
	volatile bool more = true;

	while (more)
		;
	return 1;
}

static const struct {
	const char *name;
	int (*attempt)(void);
} attempts[] = {
	{ "open", try_open },
	{ "socket", try_socket },
	{ "execve", try_execve },
	{ "fork", try_fork },
	{ "kill", try_kill },
	{ "ptrace", try_ptrace },
	{ "mprotect", try_mprotect },
	{ "map-executable", try_map_executable },
	{ "map-file", try_map_file },
	{ "write-other", try_write_other },
	{ "read-other", try_read_other },
	{ "prctl", try_prctl },
	{ "compute", try_compute },
	{ "memory", try_memory },
	{ "time", try_time },
};

int
main(int argc, char **argv)
{
	const struct confinement limits = { MEMORY, 1, 1 << 20 };
	bool filtered = false;

	other = open("/dev/zero", O_RDWR);
	if (argc != 2 || !confine(&limits, &filtered))
		return 2;
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		if (strcmp(attempts[i].name, argv[1]) == 0)
			return attempts[i].attempt();
	}
	return 2;
}
