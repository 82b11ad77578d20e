// What a send loop on one core cannot be cheaper than: a WebSocket server that does nothing but send what one says to all.
//
//     floor PORT
//
// It knows one handshake, that of lines.c, and no message longer than 4 kB or in pieces. For tests/load/fanout.py.
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 20000, ROOM = 8192 };

static const char SHAKEN[] =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
static int all[MOST], count, poller;
static char shaken[MOST * 2];

static void put(int fd, const void *data, int bytes) {
    if (send(fd, data, bytes, MSG_NOSIGNAL) != bytes) fprintf(stderr, "%d took less\n", fd);
}

static void watch(int fd) {
    struct epoll_event wanted = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &wanted);
}

static void let_in(int listening) {
    int fd, on = 1;
    while ((fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        shaken[fd] = 0;
        watch(fd);
    }
}

static void forget(int fd) {
    close(fd);
    for (int i = 0; i < count; i++)
        if (all[i] == fd) { all[i] = all[--count]; return; }
}

static void to_all(const unsigned char *said) {
    unsigned char frame[ROOM];
    int size = said[1] & 127, head = size < 126 ? 2 : 4, bytes = head == 2 ? size : said[2] << 8 | said[3];
    memcpy(frame, said, head);
    frame[1] &= 127;
    for (int i = 0; i < bytes; i++) frame[head + i] = said[head + 4 + i] ^ said[head + i % 4];
    for (int i = 0; i < count; i++) put(all[i], frame, head + bytes);
}

static void hear(int fd) {
    unsigned char said[ROOM];
    ssize_t bytes = recv(fd, said, sizeof said, 0);
    if (bytes < 0 && errno == EAGAIN) return;
    if (bytes <= 0) forget(fd);
    else if (!shaken[fd]) { shaken[fd] = 1; all[count++] = fd; put(fd, SHAKEN, sizeof SHAKEN - 1); }
    else if ((said[0] & 15) == 1) to_all(said);
}

int main(int given, char **words) {
    int listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    static struct epoll_event events[1024];
    if (given != 2) { fprintf(stderr, "floor PORT\n"); return 2; }
    here.sin_port = htons(atoi(words[1]));
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listening, (void *)&here, sizeof here) || listen(listening, 4096)) { perror("listen"); return 1; }
    poller = epoll_create1(0);
    watch(listening);
    for (;;) {
        int n = epoll_wait(poller, events, 1024, -1);
        for (int i = 0; i < n; i++) events[i].data.fd == listening ? let_in(listening) : hear(events[i].data.fd);
    }
}
