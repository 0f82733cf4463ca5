/*
 * peak PROGRAM [ARGUMENT...] - run a program, and say on file 3 how it ended
 * (the number of waitpid), how much memory it had at most, in KiB, and its
 * processor time, in milliseconds. A child of a large process counts that
 * one's memory as its own; this one is small.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define RESULT_FD 3

int
main(int argc, char **argv)
{
	struct rusage usage;
	struct timeval *user = &usage.ru_utime, *system = &usage.ru_stime;
	int status;
	pid_t pid;

	if (argc < 2 || fcntl(RESULT_FD, F_SETFD, FD_CLOEXEC) != 0)
		return 2;
	pid = fork();
	if (pid == 0) {
		execv(argv[1], argv + 1);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 2;
	dprintf(RESULT_FD, "%d %ld %ld\n", status, usage.ru_maxrss,
	    (user->tv_sec + system->tv_sec) * 1000 +
		(user->tv_usec + system->tv_usec) / 1000);
	return 0;
}
