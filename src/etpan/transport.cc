// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/transport.h"

#include <libetpan/mmapstring.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <cstring>
#include <vector>

#include "base/cptr.h"
#include "base/i18n.h"

namespace mail_oauth::etpan {

namespace {

using ChainPtr = CPtr<carray, mailstream_certificate_chain_free>;

bool loopback_peer(mailstream* stream) {
  const int fd = mailstream_low_get_fd(mailstream_get_low(stream));
  sockaddr_storage address = {};
  socklen_t size = sizeof address;
  if (fd < 0 || getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return false;
  if (address.ss_family == AF_INET) {
    sockaddr_in four = {};
    std::memcpy(&four, &address, sizeof four);
    return ntohl(four.sin_addr.s_addr) >> 24 == 127;
  }
  if (address.ss_family != AF_INET6) return false;
  sockaddr_in6 six = {};
  std::memcpy(&six, &address, sizeof six);
  if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr)) return six.sin6_addr.s6_addr[12] == 127;
  return IN6_IS_ADDR_LOOPBACK(&six.sin6_addr);
}

std::vector<std::string> certificates(carray* chain) {
  std::vector<std::string> der;
  for (unsigned int at = 0; at < carray_count(chain); ++at) {
    const auto* one = static_cast<const MMAPString*>(carray_get(chain, at));
    der.emplace_back(one->str, one->len);
  }
  return der;
}

Error not_encrypted(const std::string& host) {
  return make_error(
      Error::Kind::kConfig,
      format(_("The connection to {} is not encrypted, so no token is sent over it. Set "
               "the account to TLS or STARTTLS."),
             {host}),
      "no-tls");
}

}  // namespace

Result<void> check_transport(mailstream* stream, const Peer& peer) {
  if (stream->read_buffer_len != 0) {
    return make_error(
        Error::Kind::kProtocol,
        format(_("{} sent something that nobody asked for. Somebody may be interfering "
                 "with the connection, so no token is sent over it."),
               {peer.host}),
        "leftover");
  }
  const ChainPtr chain(mailstream_get_certificate_chain(stream));
  if (!chain) {
    if (peer.plain_on_loopback && loopback_peer(stream)) return {};
    return not_encrypted(peer.host);
  }
  if (!peer.anchors) {
    return make_error(Error::Kind::kConfig,
                      _("There are no certificate authorities to check the mail server with."),
                      "no-tls");
  }
  return peer.anchors->verify(certificates(chain.get()), peer.host,
                              std::chrono::system_clock::now());
}

}  // namespace mail_oauth::etpan
