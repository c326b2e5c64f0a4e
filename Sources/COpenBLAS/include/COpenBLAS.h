// BLAS and LAPACK for Swift.
#ifndef COPENBLAS_H
#define COPENBLAS_H
#include <cblas.h>
#include <lapacke.h>
#include <malloc.h>
void openblas_set_num_threads(int num_threads);
char *openblas_get_corename(void);
char *openblas_get_config(void);
#endif
