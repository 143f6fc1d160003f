#include "reader/channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A packet is u8 type and the body. */

union control {
    struct cmsghdr align;
    char room[CMSG_SPACE(sizeof(int))];
};

bool channel_send(int socket, enum channel_message type, const void *body, size_t len, int descriptor)
{
    uint8_t type_byte = (uint8_t)type;
    struct iovec parts[2] = { { &type_byte, 1 }, { (void *)(uintptr_t)body, len } };
    union control control;
    struct msghdr message = { .msg_iov = parts, .msg_iovlen = len ? 2 : 1 };

    if (descriptor >= 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = control.room;
        message.msg_controllen = sizeof control.room;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof descriptor);
        memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    }
    for (;;) {
        if (sendmsg(socket, &message, MSG_NOSIGNAL) >= 0)
            return true;
        if (errno != EINTR)
            return false;
    }
}

enum channel_result channel_offer(int socket, enum channel_message type, const void *body, size_t len)
{
    uint8_t type_byte = (uint8_t)type;
    struct iovec parts[2] = { { &type_byte, 1 }, { (void *)(uintptr_t)body, len } };
    const struct msghdr message = { .msg_iov = parts, .msg_iovlen = len ? 2 : 1 };

    for (;;) {
        if (sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
            return CHANNEL_GOT;
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)
            return CHANNEL_NOTHING;
        if (errno != EINTR)
            return CHANNEL_CLOSED;
    }
}

static int take_descriptor(struct msghdr *message)
{
    int descriptor = -1;

    for (struct cmsghdr *h = CMSG_FIRSTHDR(message); h; h = CMSG_NXTHDR(message, h)) {
        if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS)
            continue;
        const size_t count = (h->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int got;
            memcpy(&got, CMSG_DATA(h) + i * sizeof got, sizeof got);
            if (descriptor < 0)
                descriptor = got;
            else
                close(got);
        }
    }
    return descriptor;
}

enum channel_result channel_receive(int socket, bool wait, struct channel_packet *ret)
{
    uint8_t type_byte = 0;
    struct iovec parts[2] = { { &type_byte, 1 }, { ret->body, sizeof ret->body } };
    union control control;
    struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2, .msg_control = control.room,
                              .msg_controllen = sizeof control.room };
    ssize_t got;

    do {
        got = recvmsg(socket, &message, (wait ? 0 : MSG_DONTWAIT) | MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return CHANNEL_NOTHING;
    if (got <= 0)
        return CHANNEL_CLOSED;
    ret->type = (enum channel_message)type_byte;
    ret->len = (size_t)got - 1;
    ret->descriptor = take_descriptor(&message);
    return CHANNEL_GOT;
}
