#include "BlockAssignment.h"

#if defined(__x86_64__) && defined(__linux__)
#define MOTE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MOTE_CLONES
#endif
#define MOTE_INLINE static inline __attribute__((always_inline))

enum { lane_count = 8 };
// 8-byte alignment is enough for every load and store.
typedef double lanes __attribute__((ext_vector_type(8), aligned(8)));
typedef int64_t marks __attribute__((ext_vector_type(8), aligned(8)));

MOTE_INLINE size_t padded(size_t n) { return (n + lane_count - 1) / lane_count * lane_count; }

// Four rows of blocks against eight columns: the sums stay in registers, and four chains of
// additions run side by side. Rows beyond n repeat the last one.
MOTE_CLONES
void mote_block_distances(const double *reference, const double *probe, size_t n, size_t width,
                          double *squared, double *distances) {
  enum { group = 4 };
  const size_t stride = padded(n);
  for (size_t i = 0; i < n; i += group) {
    const double *r[group];
    for (size_t g = 0; g < group; g++) r[g] = reference + (i + g < n ? i + g : n - 1) * width;
    for (size_t j = 0; j < stride; j += lane_count) {
      lanes sums[group] = {0, 0, 0, 0};
      for (size_t c = 0; c < width; c++) {
        lanes p = *(const lanes *)(probe + c * stride + j);
        for (size_t g = 0; g < group; g++) {
          lanes e = r[g][c] - p;
          sums[g] += e * e;
        }
      }
      for (size_t g = 0; g < group && i + g < n; g++) {
        *(lanes *)(squared + (i + g) * stride + j) = sums[g];
        *(lanes *)(distances + (i + g) * stride + j) = __builtin_elementwise_sqrt(sums[g]);
      }
    }
  }
  for (size_t i = 0; i < n; i++) {
    for (size_t j = n; j < stride; j++) {
      squared[i * stride + j] = MOTE_NO_COLUMN;
      distances[i * stride + j] = MOTE_NO_COLUMN;
    }
  }
}

// Arrays of one solution, each of `stride` elements.
struct assignment {
  size_t n, stride;
  const double *costs;
  int64_t *column_of_row;
  double *prices;       // of columns
  double *open;         // distance of a column, `never` once settled
  double *bound;        // distance below which a column is improved: never for settled ones
  double *settled;      // distance of a settled column
  int64_t *predecessor; // row through which a column is reached
  int64_t *row_of_column;
  int64_t *free_rows;
};

static const double never = MOTE_NO_COLUMN * 10;

size_t mote_assign_workspace(size_t n) { return 7 * padded(n); }

// Least of `stride` values and the first place where it occurs.
MOTE_INLINE size_t first_minimum(const double *values, size_t stride, double *minimum) {
  lanes least = *(const lanes *)values;
  marks at = 0;
  for (size_t j = lane_count; j < stride; j += lane_count) {
    lanes next = *(const lanes *)(values + j);
    marks less = next < least;
    least = less ? next : least;
    at = less ? (marks)(int64_t)j : at;
  }
  double value = __builtin_reduce_min(least);
  const marks lane = {0, 1, 2, 3, 4, 5, 6, 7};
  marks place = (least == (lanes)value) ? at + lane : (marks)INT64_MAX;
  *minimum = value;
  return (size_t)__builtin_reduce_min(place);
}

// Column minima become prices; then rows with one match pass on their slack. Returns free rows.
MOTE_INLINE size_t reduce_columns(struct assignment *a) {
  const size_t n = a->n, stride = a->stride;
  for (size_t j = 0; j < stride; j += lane_count) {
    lanes least = *(const lanes *)(a->costs + j);
    marks row = 0;
    for (size_t i = 1; i < n; i++) {
      lanes cost = *(const lanes *)(a->costs + i * stride + j);
      marks less = cost < least;
      least = less ? cost : least;
      row = less ? (marks)(int64_t)i : row;
    }
    *(lanes *)(a->prices + j) = least;
    *(marks *)(a->row_of_column + j) = row;
  }
  for (size_t i = 0; i < n; i++) a->column_of_row[i] = -1;
  // Columns from the last to the first; a row taken twice is marked -2 - column.
  for (size_t j = n; j-- > 0;) {
    int64_t i = a->row_of_column[j];
    if (a->column_of_row[i] == -1) {
      a->column_of_row[i] = (int64_t)j;
    } else {
      if (a->column_of_row[i] >= 0) a->column_of_row[i] = -2 - a->column_of_row[i];
      a->row_of_column[j] = -1;
    }
  }
  size_t free_count = 0;
  for (size_t i = 0; i < n; i++) {
    int64_t own = a->column_of_row[i];
    if (own == -1) {
      a->free_rows[free_count++] = (int64_t)i;
    } else if (own <= -2) {
      a->column_of_row[i] = -2 - own;
    } else if (n > 1) {
      const double *row = a->costs + i * stride;
      for (size_t j = 0; j < stride; j += lane_count)
        *(lanes *)(a->open + j) = *(const lanes *)(row + j) - *(const lanes *)(a->prices + j);
      a->open[own] = never;
      for (size_t j = n; j < stride; j++) a->open[j] = never;
      double slack;
      first_minimum(a->open, stride, &slack);
      a->prices[own] -= slack;
    }
  }
  for (size_t j = n; j < stride; j++) a->prices[j] = 0;
  return free_count;
}

// Shortest augmenting path from a free row over reduced costs.
MOTE_INLINE void augment(struct assignment *a, int64_t start) {
  const size_t stride = a->stride;
  const double *row = a->costs + (size_t)start * stride;
  for (size_t j = 0; j < stride; j += lane_count) {
    lanes distance = *(const lanes *)(row + j) - *(const lanes *)(a->prices + j);
    *(lanes *)(a->open + j) = distance;
    *(lanes *)(a->bound + j) = distance;
    *(lanes *)(a->settled + j) = never;
    *(marks *)(a->predecessor + j) = (marks)start;
  }
  double reached;
  size_t end;
  for (;;) {
    size_t j = first_minimum(a->open, stride, &reached);
    int64_t i = a->row_of_column[j];
    if (i < 0) {
      end = j;
      break;
    }
    a->settled[j] = reached;
    a->open[j] = never;
    a->bound[j] = -never;
    row = a->costs + (size_t)i * stride;
    const double base = row[j] - a->prices[j] - reached;
    for (size_t k = 0; k < stride; k += lane_count) {
      lanes distance = *(const lanes *)(row + k) - *(const lanes *)(a->prices + k) - base;
      lanes bound = *(const lanes *)(a->bound + k);
      marks better = distance < bound;
      *(lanes *)(a->bound + k) = better ? distance : bound;
      *(lanes *)(a->open + k) = better ? distance : *(const lanes *)(a->open + k);
      *(marks *)(a->predecessor + k) = better ? (marks)i : *(const marks *)(a->predecessor + k);
    }
  }
  for (size_t j = 0; j < stride; j += lane_count) {
    lanes distance = *(const lanes *)(a->settled + j);
    lanes change = distance < (lanes)never ? distance - reached : (lanes)0.0;
    *(lanes *)(a->prices + j) += change;
  }
  for (;;) {
    int64_t i = a->predecessor[end];
    a->row_of_column[end] = i;
    int64_t next = a->column_of_row[i];
    a->column_of_row[i] = (int64_t)end;
    if (i == start) return;
    end = (size_t)next;
  }
}

MOTE_CLONES
void mote_assign(const double *costs, size_t n, int64_t *column_of_row, double *workspace) {
  const size_t stride = padded(n);
  struct assignment a = {.n = n,
                         .stride = stride,
                         .costs = costs,
                         .column_of_row = column_of_row,
                         .prices = workspace,
                         .open = workspace + stride,
                         .bound = workspace + 2 * stride,
                         .settled = workspace + 3 * stride,
                         .predecessor = (int64_t *)(workspace + 4 * stride),
                         .row_of_column = (int64_t *)(workspace + 5 * stride),
                         .free_rows = (int64_t *)(workspace + 6 * stride)};
  size_t free_count = reduce_columns(&a);
  for (size_t k = 0; k < free_count; k++) augment(&a, a.free_rows[k]);
}
