/* sim_say.h - tocsin-sim --say: a speech_command whose voice simulated phones understand. */
#ifndef SIM_SAY_H
#define SIM_SAY_H

/* Text on standard input, a WAV file on standard output.  The exit status. */
int sim_say(void);

#endif
