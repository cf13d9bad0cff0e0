// The library `bind_address`, for LD_PRELOAD: sockets that would listen on all interfaces listen on the IPv4 address
// RESNET_BIND_ADDRESS alone. TensorFlow's server knows no other address than all, and asks nobody who they are.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// In the place of the C library's function; it makes the same system call.
extern "C" __attribute__((visibility("default"))) int bind(int descriptor, const sockaddr* address,
                                                           socklen_t length) noexcept {
  const char* text = getenv("RESNET_BIND_ADDRESS");
  in_addr own;
  sockaddr_in v4;
  sockaddr_in6 v6;
  if (address == nullptr || text == nullptr || inet_pton(AF_INET, text, &own) != 1) {
    // Nothing to put in its place.
  } else if (address->sa_family == AF_INET && length >= sizeof v4) {
    memcpy(&v4, address, sizeof v4);
    if (v4.sin_addr.s_addr == htonl(INADDR_ANY)) v4.sin_addr = own;
    address = reinterpret_cast<const sockaddr*>(&v4);
    length = sizeof v4;
  } else if (address->sa_family == AF_INET6 && length >= sizeof v6) {
    memcpy(&v6, address, sizeof v6);
    if (IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr)) {
      v6.sin6_addr.s6_addr[10] = v6.sin6_addr.s6_addr[11] = 0xff;  // ::ffff:a.b.c.d, an IPv4 address for an IPv6 socket
      memcpy(&v6.sin6_addr.s6_addr[12], &own, sizeof own);
    }
    address = reinterpret_cast<const sockaddr*>(&v6);
    length = sizeof v6;
  }
  return static_cast<int>(syscall(SYS_bind, descriptor, address, length));
}
