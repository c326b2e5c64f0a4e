// Confinement of a process that parses what strangers made.
#ifndef CCONFINEMENT_H
#define CCONFINEMENT_H

// Before the file is opened: no other files than one more for reading, no core, no new files, at most
// `memory` bytes of address space more than now. Afterwards `confine_calls` ends the opening of files,
// too. What the operating system does not have is left out.
void confine_resources(unsigned long memory);

// Only calls of the system that reading an open file, memory and answers need. All others fail with
// EPERM: no files, programs, sockets, signals to others.
void confine_calls(void);

// So many seconds of processor time from now on, then SIGXCPU.
void limit_processor_time(unsigned long seconds);
#endif
