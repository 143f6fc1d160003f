/* The floor below every reader of captures: walks the records of a pcap file and touches each
 * packet's addresses, and does nothing else.
 *
 *   walk FILE */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
    enum { FILE_HEAD = 24, RECORD_HEAD = 16, ADDRESSES_AT = 14 + 12 };
    struct stat about;
    uint64_t packets = 0, sum = 0;
    const int file = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;

    if (file < 0 || fstat(file, &about) != 0 || about.st_size < FILE_HEAD) {
        fputs("usage: walk FILE    (a pcap file)\n", stderr);
        return 2;
    }
    const size_t size = (size_t)about.st_size;
    const uint8_t *at = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (at == MAP_FAILED)
        return 4;
    for (size_t n = FILE_HEAD; size - n >= RECORD_HEAD; packets++) {
        uint32_t len;
        uint64_t addresses;
        memcpy(&len, at + n + 8, sizeof len);
        n += RECORD_HEAD;
        if (len > size - n)
            break;
        if (len >= ADDRESSES_AT + sizeof addresses) {
            memcpy(&addresses, at + n + ADDRESSES_AT, sizeof addresses);
            sum += addresses;
        }
        n += len;
    }
    printf("%" PRIu64 " packets, %016" PRIx64 "\n", packets, sum);
    return 0;
}
