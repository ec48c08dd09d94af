/* Prints for each name on the command line one line: the name, and its addresses. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int main(int count, char **names) {
  for (int i = 1; i < count; i++) {
    struct addrinfo hints, *found = NULL;
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    printf("%s", names[i]);
    if (getaddrinfo(names[i], NULL, &hints, &found) == 0) {
      for (struct addrinfo *each = found; each; each = each->ai_next) {
        char text[INET6_ADDRSTRLEN];
        const void *address = each->ai_family == AF_INET
            ? (const void *) &((struct sockaddr_in *) each->ai_addr)->sin_addr
            : (const void *) &((struct sockaddr_in6 *) each->ai_addr)->sin6_addr;
        printf(" %s", inet_ntop(each->ai_family, address, text, sizeof text));
      }
      freeaddrinfo(found);
    }
    printf("\n");
  }
  return 0;
}
