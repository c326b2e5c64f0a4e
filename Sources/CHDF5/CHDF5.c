#include "CHDF5.h"

struct visit {
  int (*visit)(const char *name, H5L_type_t type, void *context);
  void *context;
};

static herr_t forward(hid_t group, const char *name, const H5L_info_t *info, void *data) {
  struct visit *own = data;
  (void)group;
  return own->visit(name, info->type, own->context);
}

int mote_visit_links(
    hid_t object, int (*visit)(const char *name, H5L_type_t type, void *context), void *context) {
  struct visit own = {visit, context};
  return H5Lvisit(object, H5_INDEX_NAME, H5_ITER_INC, forward, &own);
}
