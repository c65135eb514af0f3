// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/values.h"

#include <utility>

#include "manifest/chain.h"
#include "manifest/json_pointer.h"

namespace mail_oauth::manifest {

Result<std::vector<Value>> values_of(const std::vector<std::string>& folders,
                                     const std::string& id) {
  const auto layers = layers_of(folders, id);
  if (!layers) return layers.error();
  for (const Layer& layer : *layers) {
    if (auto good = check_sources(layer.document, layer.file); !good) return good.error();
  }
  const Json document = merged(*layers);
  std::vector<Value> values;
  for (const std::string& pointer : leaf_pointers(document)) {
    if (pointer == "/schema" || pointer == "/id" || pointer == "/template") continue;
    for (const Layer& layer : *layers) {
      if (!at_pointer(layer.document, pointer)) continue;
      values.push_back({pointer, *at_pointer(document, pointer), layer.file,
                        source_of(layer.document, pointer)});
      break;
    }
  }
  return values;
}

}  // namespace mail_oauth::manifest
