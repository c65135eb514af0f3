// SPDX-License-Identifier: GPL-3.0-or-later
#include "qr/matrix.h"

#include <qrencode.h>

#include <limits>

#include "base/cptr.h"
#include "base/i18n.h"

namespace mail_oauth::qr {

Result<Matrix> encode(std::string_view text) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const bool fits = text.size() <= std::numeric_limits<unsigned short>::max();
  const CPtr<QRcode, QRcode_free> code(
      fits ? QRcode_encodeData(static_cast<int>(text.size()), bytes, 0, QR_ECLEVEL_L) : nullptr);
  if (!code) {
    return make_error(Error::Kind::kConfig, _("This text does not fit into a QR code."));
  }
  const auto count = static_cast<std::size_t>(code->width) * static_cast<std::size_t>(code->width);
  std::vector<bool> dark(count);
  for (std::size_t i = 0; i < count; ++i) dark[i] = (code->data[i] & 1) != 0;
  return Matrix(code->width, std::move(dark));
}

}  // namespace mail_oauth::qr
