// HDF5 for Swift: the library's header, and a function for each macro Swift cannot import.
#ifndef CHDF5_H
#define CHDF5_H
#if __has_include(<hdf5/serial/hdf5.h>)
#include <hdf5/serial/hdf5.h>
#else
#include <hdf5.h>
#endif

// File access.
static inline unsigned mote_H5F_ACC_RDONLY(void) { return H5F_ACC_RDONLY; }
static inline unsigned mote_H5F_ACC_TRUNC(void) { return H5F_ACC_TRUNC; }
// Element types in memory.
static inline hid_t mote_H5T_NATIVE_FLOAT(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t mote_H5T_NATIVE_DOUBLE(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t mote_H5T_NATIVE_INT8(void) { return H5T_NATIVE_INT8; }
static inline hid_t mote_H5T_NATIVE_INT32(void) { return H5T_NATIVE_INT32; }
static inline hid_t mote_H5T_NATIVE_INT64(void) { return H5T_NATIVE_INT64; }
static inline hid_t mote_H5T_NATIVE_UINT64(void) { return H5T_NATIVE_UINT64; }
// Element types in files.
static inline hid_t mote_H5T_IEEE_F32LE(void) { return H5T_IEEE_F32LE; }
static inline hid_t mote_H5T_IEEE_F64LE(void) { return H5T_IEEE_F64LE; }
static inline hid_t mote_H5T_STD_I8LE(void) { return H5T_STD_I8LE; }
static inline hid_t mote_H5T_STD_I32LE(void) { return H5T_STD_I32LE; }
static inline hid_t mote_H5T_STD_I64LE(void) { return H5T_STD_I64LE; }
static inline hid_t mote_H5T_C_S1(void) { return H5T_C_S1; }
static inline size_t mote_H5T_VARIABLE(void) { return H5T_VARIABLE; }
static inline hid_t mote_H5T_STD_REF_OBJ(void) { return H5T_STD_REF_OBJ; }
// Property list classes.
static inline hid_t mote_H5P_DATASET_CREATE(void) { return H5P_DATASET_CREATE; }
static inline hid_t mote_H5P_DATASET_ACCESS(void) { return H5P_DATASET_ACCESS; }
static inline hid_t mote_H5P_GROUP_CREATE(void) { return H5P_GROUP_CREATE; }
static inline hid_t mote_H5P_FILE_CREATE(void) { return H5P_FILE_CREATE; }
static inline hid_t mote_H5P_FILE_ACCESS(void) { return H5P_FILE_ACCESS; }
static inline hid_t mote_H5P_LINK_CREATE(void) { return H5P_LINK_CREATE; }
// Access to a file without the locks of the operating system; the caller closes it. Libraries that
// cannot switch them off give their default access.
static inline hid_t mote_file_access_without_locks(void) {
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
#if H5_VERSION_GE(1, 12, 1) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 12, 0))
  H5Pset_file_locking(access, 0, 1);
#endif
  return access;
}
// Calls `visit` with the name and class of every link below an object, until it returns other than 0;
// negative where the library fails. The function and the structure it fills have versions.
int mote_visit_links(
    hid_t object, int (*visit)(const char *name, H5L_type_t type, void *context), void *context);
// What to fetch about an object.
static inline unsigned mote_H5O_INFO_BASIC(void) { return H5O_INFO_BASIC; }
static inline unsigned mote_H5O_INFO_NUM_ATTRS(void) { return H5O_INFO_NUM_ATTRS; }
#endif
