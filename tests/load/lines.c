// Thousands of WebSockets in one thread, as browsers hold them to a server on this machine, for the load programs (tests/load/native.py).
//
//     lines PORT PATH N WELCOMED COOKIES     WELCOMED: 1 when a line is open only after its first news; COOKIES: a file, one a line, or -
//
// Answers each line on its standard input with one line of JSON, until that ends:
//
//     hear SECONDS                                listen
//     say SECONDS EVERY_S LINES FIRST TEXT        the first LINES lines say TEXT in turn, one every EVERY_S; # is a number from FIRST on,
//                                                 ~ is 1 or 2 by turns, as numbers go round
//     ask SECONDS FILE TEXT                       every line says TEXT once, evenly over SECONDS; # is its number, ~ is 1, 2 or 3;
//                                                 answers begin with {"re": and their receipts are written to FILE
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTING, ASKED, SHAKEN, OPEN, GONE, AWAY };  // AWAY: asked to come back later
enum { WINDOW = 128, EVENTS = 1024, ROOM = 1 << 20, SOURCES = 40, SETTLE_MS = 10000 };

typedef struct {
    int fd, state, rest_bytes, news;
    unsigned char *rest;  // of a frame that has not come whole
    uint64_t asked_ns;
} Line;

static Line *lines;
static int count, port, welcomed, poller, ready, gone, away, granted, refused;
static const char *path;
static char **cookies;
static long news, news_bytes;
static uint64_t *waits_ns;
static FILE *receipts;
static unsigned char room[ROOM];

static uint64_t now_ns(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000000000ull + at.tv_nsec;
}

static void fail(const char *why) {
    perror(why);
    exit(1);
}

static void watch(Line *line, int what, uint32_t events) {
    struct epoll_event wanted = {.events = events, .data.ptr = line};
    epoll_ctl(poller, what, line->fd, &wanted);
}

static void connect_one(int number) {
    Line *line = &lines[number];
    int on = 1;
    line->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (line->fd < 0) fail("socket");
    setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(line->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + number % SOURCES)};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(line->fd, (void *)&from, sizeof from)) fail("bind");
    if (connect(line->fd, (void *)&to, sizeof to) && errno != EINPROGRESS) fail("connect");
    watch(line, EPOLL_CTL_ADD, EPOLLOUT);
}

static void come_back(Line *line) {
    if (line->state != AWAY) return;
    away--;
    line->state = CONNECTING;
    connect_one(line - lines);
}

static void lose(Line *line) {
    close(line->fd);
    line->state = GONE;
    gone++;
}

static void put(Line *line, const void *data, int bytes) {
    if (send(line->fd, data, bytes, MSG_NOSIGNAL) != bytes) lose(line);
}

static void shake(Line *line) {
    char asks[4096];
    const char *cookie = cookies ? cookies[line - lines] : "";
    int error = 0, n;
    socklen_t size = sizeof error;
    getsockopt(line->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) { errno = error; fail("connect"); }
    n = snprintf(asks, sizeof asks,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s%s%s\r\n",
        path, port, port, *cookie ? "Cookie: " : "", cookie, *cookie ? "\r\n" : "");
    line->state = ASKED;
    watch(line, EPOLL_CTL_MOD, EPOLLIN);
    put(line, asks, n);
}

static void send_frame(Line *line, int kind, const void *payload, int bytes) {  // masked with zeros
    unsigned char frame[8192];
    int at = 0;
    frame[at++] = 0x80 | kind;
    if (bytes < 126) frame[at++] = 0x80 | bytes;
    else { frame[at++] = 0x80 | 126; frame[at++] = bytes >> 8; frame[at++] = bytes; }
    memset(frame + at, 0, 4);
    at += 4;
    memcpy(frame + at, payload, bytes);
    put(line, frame, at + bytes);
}

static void take_answer(Line *line, const unsigned char *payload, int bytes) {
    const char *receipt = memmem(payload, bytes, "\"receipt\":\"", 11);
    waits_ns[granted + refused] = now_ns() - line->asked_ns;
    if (!receipt) { if (!refused++) fprintf(stderr, "%.*s\n", bytes, payload); return; }
    granted++;
    receipt += 11;
    if (receipts) fprintf(receipts, "%.*s\n", (int)strcspn(receipt, "\""), receipt);
}

static void take(Line *line, int kind, const unsigned char *payload, int bytes) {
    if (kind == 9) send_frame(line, 10, payload, bytes);
    else if (kind == 8) lose(line);
    else if (line->state == SHAKEN) { line->state = OPEN; ready++; }
    else if (waits_ns && bytes > 6 && !memcmp(payload, "{\"re\":", 6)) take_answer(line, payload, bytes);
    else if (bytes < 6 || memcmp(payload, "{\"re\":", 6)) { news++; news_bytes += bytes; line->news++; }
}

static int take_head(Line *line, int bytes) {  // where the frames begin, or 0
    unsigned char *end = memmem(room, bytes, "\r\n\r\n", 4);
    if (!end) return 0;
    if (memcmp(room + 9, "503", 3) == 0) { close(line->fd); line->state = AWAY; away++; return 0; }
    if (memcmp(room + 9, "101", 3)) { fprintf(stderr, "%.300s\n", room); exit(1); }
    line->state = welcomed ? SHAKEN : OPEN;
    ready += !welcomed;
    return end + 4 - room;
}

static void read_line(Line *line) {
    int rest = line->rest_bytes, at = 0;
    if (rest) memcpy(room, line->rest, rest);
    ssize_t came = recv(line->fd, room + rest, ROOM - rest, 0);
    if (came < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (came <= 0) { lose(line); return; }
    int have = rest + came;
    if (line->state == ASKED) at = take_head(line, have);
    if (line->state == AWAY) return;
    while (line->state != ASKED && line->state != GONE && have - at >= 2) {
        uint64_t size = room[at + 1] & 127, head = size < 126 ? 2 : size == 126 ? 4 : 10;
        if ((uint64_t)(have - at) < head) break;
        if (head > 2) for (size = 0, rest = 2; rest < (int)head; rest++) size = size << 8 | room[at + rest];
        if ((uint64_t)(have - at) < head + size) break;
        take(line, room[at] & 15, room + at + head, size);
        at += head + size;
    }
    line->rest_bytes = have - at;
    free(line->rest);
    line->rest = line->rest_bytes ? malloc(line->rest_bytes) : NULL;
    if (line->rest) memcpy(line->rest, room + at, line->rest_bytes);
}

static void turn(int wait_ms) {
    static struct epoll_event events[EVENTS];
    int n = epoll_wait(poller, events, EVENTS, wait_ms);
    for (int i = 0; i < n; i++) {
        Line *line = events[i].data.ptr;
        if (line->state == CONNECTING) shake(line);
        else if (line->state != GONE) read_line(line);
    }
}

static void connect_all(void) {
    uint64_t begun = now_ns(), rests = 0;
    for (int begun_lines = 0; ready < count;) {
        while (begun_lines < count && begun_lines - ready < WINDOW) connect_one(begun_lines++);
        turn(10);
        for (int n = 0; away && now_ns() - begun > 2000000000ull * (1 + rests) && n < begun_lines; n++) come_back(&lines[n]);
        rests = (now_ns() - begun) / 2000000000ull;
        if (gone || now_ns() - begun > 600000000000ull) { fprintf(stderr, "%d open, %d hung up\n", ready, gone); exit(1); }
    }
    printf("{\"connected\": %d, \"took_s\": %.2f}\n", ready, (now_ns() - begun) / 1e9);
}

static int filled(char *text, int most, const char *form, long number, int choice) {
    int n = 0;
    for (; *form && n < most - 32; form++) {
        if (*form == '#') n += sprintf(text + n, "%ld", number);
        else if (*form == '~') n += sprintf(text + n, "%d", choice);
        else text[n++] = *form;
    }
    return n;
}

static int by_size(const void *one, const void *other) {
    uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
    return a < b ? -1 : a > b;
}

static void tell(double seconds, int said) {
    int least = news > 0 ? lines[0].news : 0, most = least;
    for (int i = 0; i < count; i++) {
        if (lines[i].news < least) least = lines[i].news;
        if (lines[i].news > most) most = lines[i].news;
    }
    printf("{\"seconds\": %.3f, \"said\": %d, \"news\": %ld, \"bytes\": %ld, \"least\": %d, \"most\": %d, \"gone\": %d",
        seconds, said, news, news_bytes, least, most, gone);
}

static void anew(void) {
    news = news_bytes = 0;
    for (int i = 0; i < count; i++) lines[i].news = 0;
}

static void say(double seconds, double every_s, int speakers, long first, const char *form) {
    char text[4096];
    uint64_t begun = now_ns(), end = begun + seconds * 1e9;
    int said = 0;
    anew();
    for (uint64_t now; (now = now_ns()) < end; turn(1)) {
        if (every_s <= 0 || now < begun + said * every_s * 1e9) continue;
        send_frame(&lines[said % speakers], 1, text, filled(text, sizeof text, form, first + said, 1 + (first + said) / speakers % 2));
        said++;
    }
    tell((now_ns() - begun) / 1e9, said);
    printf("}\n");
}

static void ask(double seconds, const char *file, const char *form) {
    char text[4096];
    uint64_t begun = now_ns(), end = begun + seconds * 1e9 + SETTLE_MS * 1000000ull, late = 0;
    int said = 0;
    receipts = fopen(file, "w");
    waits_ns = calloc(count, sizeof *waits_ns);
    granted = refused = 0;
    anew();
    for (uint64_t now; granted + refused < count && (now = now_ns()) < end; turn(0)) {
        for (int n = 0; n < 64 && said < count && now >= begun + said * (seconds * 1e9 / count); n++, said++) {
            uint64_t due = begun + said * (seconds * 1e9 / count);
            if (now - due > late) late = now - due;
            lines[said].asked_ns = now_ns();
            send_frame(&lines[said], 1, text, filled(text, sizeof text, form, said, 1 + said % 3));
        }
    }
    double took_s = (now_ns() - begun) / 1e9;
    int n = granted + refused;
    fclose(receipts);
    qsort(waits_ns, n, sizeof *waits_ns, by_size);
    tell(took_s, said);
    printf(", \"granted\": %d, \"refused\": %d", granted, refused);
    if (n) printf(", \"p50_ms\": %.1f, \"p95_ms\": %.1f, \"p99_ms\": %.1f, \"max_ms\": %.1f", waits_ns[n / 2] / 1e6, waits_ns[n * 95 / 100] / 1e6,
        waits_ns[n * 99 / 100] / 1e6, waits_ns[n - 1] / 1e6);
    printf(", \"late_ms\": %.1f}\n", late / 1e6);
    free(waits_ns);
    waits_ns = NULL;
}

static void read_cookies(const char *file) {
    FILE *from = fopen(file, "r");
    size_t size = 0;
    if (!from) fail(file);
    cookies = calloc(count, sizeof *cookies);
    for (int i = 0; i < count; i++, size = 0) {
        if (getline(&cookies[i], &size, from) < 0) fail("a cookie for each line");
        cookies[i][strcspn(cookies[i], "\n")] = 0;
    }
    fclose(from);
}

static void obey(char *order) {
    double seconds = 0, every_s = 0;
    int speakers = 1, at = 0;
    long first = 0;
    char file[1024];
    order[strcspn(order, "\n")] = 0;
    if (sscanf(order, "hear %lf", &seconds) == 1) say(seconds, 0, 1, 0, "");
    else if (sscanf(order, "say %lf %lf %d %ld %n", &seconds, &every_s, &speakers, &first, &at) == 4) say(seconds, every_s, speakers, first, order + at);
    else if (sscanf(order, "ask %lf %1023s %n", &seconds, file, &at) == 2) ask(seconds, file, order + at);
    else { fprintf(stderr, "what is %s?\n", order); exit(1); }
}

int main(int given, char **words) {
    char *order = NULL;
    size_t size = 0;
    if (given != 6) { fprintf(stderr, "lines PORT PATH N WELCOMED COOKIES\n"); return 2; }
    port = atoi(words[1]), path = words[2], count = atoi(words[3]), welcomed = atoi(words[4]);
    if (strcmp(words[5], "-")) read_cookies(words[5]);
    setlinebuf(stdout);
    poller = epoll_create1(0);
    lines = calloc(count, sizeof *lines);
    connect_all();
    for (struct pollfd orders = {.fd = 0, .events = POLLIN};;) {  // pings are answered also while nothing is asked
        if (poll(&orders, 1, 0) == 0) turn(20);
        else if (getline(&order, &size, stdin) > 0) obey(order);
        else return 0;
    }
}
