#include "prompt.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Signals that end the program; at each the terminal is put right first. */
static const int fatal[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGALRM,
	SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU };

#define N_FATAL (sizeof(fatal) / sizeof(*fatal))

/* The terminal as it was: the one thing that the handler reads. */
static struct termios before;

/* Half a line must not go to whoever reads the terminal next. */
static void
on_fatal(int number)
{
	tcflush(STDIN_FILENO, TCIFLUSH);
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
	/* SA_RESETHAND: this one ends the program, once we return. */
	raise(number);
}

/* A signal that is ignored (nohup) stays so. */
static void
guard(struct sigaction old[N_FATAL], struct sigaction *old_stop)
{
	struct sigaction action = { .sa_handler = on_fatal };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	action.sa_flags = (int)SA_RESETHAND;
	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < N_FATAL; i++) {
		sigaction(fatal[i], NULL, &old[i]);
		if (old[i].sa_handler != SIG_IGN)
			sigaction(fatal[i], &action, NULL);
	}
	/* Stopped, we would leave the shell a terminal without echo. */
	sigaction(SIGTSTP, &ignore, old_stop);
}

static void
unguard(const struct sigaction old[N_FATAL], const struct sigaction *old_stop)
{
	for (size_t i = 0; i < N_FATAL; i++)
		sigaction(fatal[i], &old[i], NULL);
	sigaction(SIGTSTP, old_stop, NULL);
}

static bool
echo_off(void)
{
	struct termios t = before;

	t.c_lflag &= ~(tcflag_t)ECHO;
	/* Success means that some of it was done: look whether this was. */
	return tcsetattr(STDIN_FILENO, TCSAFLUSH, &t) == 0 &&
	       tcgetattr(STDIN_FILENO, &t) == 0 && (t.c_lflag & ECHO) == 0;
}

/* By read(2): a buffer of stdio would keep a copy. */
static bool
read_line(char *line, size_t cap)
{
	size_t len = 0;

	for (;;) {
		ssize_t n = read(STDIN_FILENO, line + len, cap - 1 - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n > 0)
			len += (size_t)n;
		if (n <= 0 || len == cap - 1 || line[len - 1] == '\n')
			break;
	}
	line[len] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return len > 0;
}

bool
prompt_secret(const char *question, char *line, size_t cap)
{
	struct sigaction old[N_FATAL], old_stop;
	bool ok;

	if (tcgetattr(STDIN_FILENO, &before) != 0)
		return false;
	guard(old, &old_stop);
	fputs(question, stderr);
	ok = echo_off();
	if (ok) {
		ok = read_line(line, cap);
		fputc('\n', stderr);
	}
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	unguard(old, &old_stop);
	return ok;
}
