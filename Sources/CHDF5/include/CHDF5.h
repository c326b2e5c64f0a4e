// HDF5 for Swift: the library's header, and a function for each macro Swift cannot import.
#ifndef CHDF5_H
#define CHDF5_H
#if __has_include(<hdf5/serial/hdf5.h>)
#include <hdf5/serial/hdf5.h>
#else
#include <hdf5.h>
#endif

static inline unsigned mote_H5F_ACC_RDONLY(void) { return H5F_ACC_RDONLY; }
static inline unsigned mote_H5F_ACC_TRUNC(void) { return H5F_ACC_TRUNC; }
static inline hid_t mote_H5T_NATIVE_FLOAT(void) { return H5T_NATIVE_FLOAT; }
#endif
