#include "base/hash.h"
#include "broadcast/build.h"
#include "broadcast/signer.h"
#include "broadcast/drip.h"
#include "broadcast/wifi_header.h"

static void make_keys(struct rid_keys *keys, struct arena *arena, const char *text)
{
    const char *why = NULL;
    struct bytes exact = exact_copy(text, strlen(text));

    if (!rid_keys_read(exact, arena, keys, &why))
        fail_msg("%s", why);
    exact_copy_free(exact);
}

/* Messages of authentication with such data, one behind the other. */
static void put_pages(struct made *m, unsigned type, uint32_t timestamp, const uint8_t *data, size_t len)
{
    const unsigned last = len <= 17 ? 0 : (unsigned)((len - 17 + 22) / 23);
    size_t at = 0;

    for (unsigned page = 0; page <= last; page++) {
        PUT(m, 0x22, (uint8_t)(type << 4 | page));
        if (page == 0) {
            PUT(m, (uint8_t)last, (uint8_t)len);
            put_le(m, timestamp, 4);
        }
        for (size_t i = 0; i < (page == 0 ? 17u : 23u); i++, at++)
            PUT(m, at < len ? data[at] : 0);
    }
}

static struct made pack_of(const struct made *messages)
{
    struct made p = { .len = 0 };

    PUT(&p, 0xf2, 25, (uint8_t)(messages->len / 25));
    put(&p, messages->at, messages->len);
    return p;
}

static void hear_content(struct heard *h, uint8_t counter, struct bytes content)
{
    struct made f = { .len = 0 };

    PUT(&f, 0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x90, 0x3a, 0xe6, 1, 2, 3, 0x90, 0x3a, 0xe6, 1, 2, 3, 0, 0);
    put_zeros(&f, 12);
    PUT(&f, 0xdd, (uint8_t)(5 + content.len), 0xfa, 0x0b, 0xbc, 0x0d, counter);
    put(&f, content.at, content.len);
    hear(h, LINKTYPE_IEEE802_11, made_bytes(&f));
}

/* The clock of the captures that `hear` makes, since 2019. */
enum { NOW = 1750000001 - 1546300800 };

struct place {
    struct arena *arena;
    struct rid_keys keys;
    struct reading_options options;
    struct heard heard;
};

static void begin(struct place *p, const char *text)
{
    p->arena = arena_new(0);
    make_keys(&p->keys, p->arena, text);
    p->options = (struct reading_options){ .rid_keys = &p->keys };
    heard_init_with(&p->heard, &p->options);
}

static void end(struct place *p)
{
    heard_end(&p->heard);
    heard_done(&p->heard);
    arena_free(p->arena);
}

static bool says(const struct fact_broadcast *b, const char *member)
{
    return memmem(b->details.at, b->details.len, member, strlen(member)) != NULL;
}

static void put_aircraft(struct made *m)
{
    put_basic_id(m, 2, 1, "1596EXAMPLE00001");
    put_location(m, 2, 520000000, 130000000);
    put_system(m, 2, 520000100, 130000100, NOW);
    put_operator_id(m, 2, "FINexample01");
}

static void signatures_that_the_standard_names(void **state)
{
    static const struct { const char *covers; unsigned type; const char *content; bool time; const char *curve; } table[] = {
        { "id", 1, "1596EXAMPLE00001", false, NULL },
        { "id_timestamp", 1, "1596EXAMPLE00001", true, NULL },
        { "id", 2, "FINexample01", false, NULL },
        { "id", 1, "1596EXAMPLE00001", false, "P-256" },
        { "messages", 3, NULL, false, NULL },
        { "messages_timestamp", 3, NULL, true, NULL },
        { "messages", 3, NULL, false, "P-384" },
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct signer s, stranger;
        struct made messages = { .len = 0 }, content = { .len = 0 };
        uint8_t signature[160];
        struct place p;
        make_signer(&s, table[i].curve);
        make_signer(&stranger, table[i].curve);
        put_aircraft(&messages);
        if (table[i].content)
            put(&content, table[i].content, strlen(table[i].content));
        else
            put(&content, messages.at, messages.len);
        if (table[i].time)
            put_le(&content, NOW, 4);
        const EVP_MD *digest = table[i].curve ? (strcmp(table[i].curve,
                                                        "P-256") == 0 ? EVP_sha256() : EVP_sha384()) : NULL;
        const size_t len = sign(&s, digest, made_bytes(&content), signature);
        put_pages(&messages, table[i].type, NOW, signature, len);
        struct made pack = pack_of(&messages);
        if (pack.len > 3 + 9 * 25) { /* P-384 takes more pages than a pack has room for */
            pack.len = 3 + 9 * 25;
            pack.at[2] = 9;
        }
        const bool whole = pack.at[2] * 25u == messages.len;

        begin(&p, s.pem);
        hear_content(&p.heard, 1, made_bytes(&pack));
        const struct fact_broadcast *b = heard_broadcast(&p.heard, 0);
        char covers[64];
        snprintf(covers, sizeof covers, "\"signed\":\"%s\",\"key_source\":\"file\"", table[i].covers);
        if (whole) {
            assert_int_equal(b->verified, true);
            assert_true(says(b, covers));
            assert_false(is_odd(b, "signature_wrong"));
            /* One bit of the signed content or of the signature is another. */
            pack.at[3 + 2 + (table[i].type == 2 ? 75 : 0)] ^= 1;
            hear_content(&p.heard, 2, made_bytes(&pack));
            b = heard_broadcast(&p.heard, 1);
            assert_int_equal(b->verified, false);
            assert_true(is_odd(b, "signature_wrong"));
            assert_true(says(b, "authentication") && !says(b, "\"signed\""));
        } else {
            assert_int_equal(b->verified, FACT_UNKNOWN_INT);
        }
        end(&p);

        /* A key of somebody else does not fit; one that is somebody else's by name is not tried. */
        begin(&p, stranger.pem);
        pack.at[3 + 2 + (table[i].type == 2 ? 75 : 0)] ^= whole;
        hear_content(&p.heard, 1, made_bytes(&pack));
        assert_int_equal(heard_broadcast(&p.heard, 0)->verified, whole ? false : FACT_UNKNOWN_INT);
        end(&p);
        char named[1024];
        snprintf(named, sizeof named, "# the other drone\nfor: 1596EXAMPLE00002\n%s", stranger.pem);
        begin(&p, named);
        hear_content(&p.heard, 1, made_bytes(&pack));
        assert_int_equal(heard_broadcast(&p.heard, 0)->verified, FACT_UNKNOWN_INT);
        end(&p);
        EVP_PKEY_free(s.key);
        EVP_PKEY_free(stranger.key);
    }
}

static void hear_pages(struct place *p, const struct made *messages, size_t from)
{
    for (size_t at = from; at < messages->len; at += 25)
        hear_content(&p->heard, (uint8_t)at, (struct bytes){ .at = messages->at + at, .len = 25 });
}

static void pages_that_come_alone(void **state)
{
    struct signer s;
    struct made messages = { .len = 0 }, other = { .len = 0 };
    uint8_t signature[160];
    struct place p;

    make_signer(&s, NULL);
    put_aircraft(&messages);
    const size_t len = sign(&s, NULL, (struct bytes){ .at = messages.at, .len = messages.len }, signature);
    put_pages(&messages, 3, NOW, signature, len);
    begin(&p, s.pem);
    hear_pages(&p, &messages, 0);
    const size_t last = messages.len / 25 - 1;
    assert_int_equal(heard_broadcast(&p.heard, last - 1)->verified, FACT_UNKNOWN_INT);
    assert_int_equal(heard_broadcast(&p.heard, last)->verified, true);
    /* The place moved on, the signature is the old one: that proves nothing. */
    put_location(&other, 2, 520000500, 130000500);
    put(&other, messages.at + 100, messages.len - 100);
    hear_pages(&p, &other, 0);
    const struct fact_broadcast *b = heard_broadcast(&p.heard, last + other.len / 25);
    assert_int_equal(b->verified, FACT_UNKNOWN_INT);
    assert_false(is_odd(b, "signature_wrong"));
    end(&p);

    /* Of the next signature page 0 was missed: what is put together is of two, and called nothing. */
    struct made id = { .len = 0 }, first = { .len = 0 }, second = { .len = 0 };
    put_basic_id(&id, 2, 1, "1596EXAMPLE00001");
    put_pages(&first, 1, NOW, signature, 64);
    signature[20] ^= 1;
    sign(&s, NULL, (struct bytes){ .at = (const uint8_t *)"1596EXAMPLE00001", .len = 16 }, signature);
    put_pages(&second, 1, NOW + 5, signature, 64);
    begin(&p, s.pem);
    hear_pages(&p, &id, 0);
    hear_pages(&p, &first, 0);      /* rows 1 to 4: wrong, it signs something else */
    assert_int_equal(heard_broadcast(&p.heard, 4)->verified, false);
    hear_pages(&p, &second, 25);    /* without page 0 */
    hear_pages(&p, &first, 0);      /* its page 0 meets the pages of the second */
    assert_int_equal(heard_broadcast(&p.heard, 8)->verified, FACT_UNKNOWN_INT);
    hear_pages(&p, &second, 0);
    assert_int_equal(heard_broadcast(&p.heard, kept_facts_count(&p.heard.facts, FACT_BROADCAST) - 1)->verified, true);
    end(&p);
    EVP_PKEY_free(s.key);
}

/* RFC 9374 as its authors' scripts work it out; the pairs are test keys that are published as such. */
static void tags_are_made_of_keys(void **state)
{
    static const struct { const char *key, *tag; } pairs[] = {
        { "4fd099ccd47d7893dfe9ec24414ecb0d9b5420232aad30d91c465be33cbe65c4", "2001003000000005881ec7928833e0fb" },
        { "b80bc263962420fbf1454e61bb149fcd1bdc447195b12d63c69e7fb7aeaac3ac", "20010030fa07d00555844fa78f0d14d7" },
    };
    uint8_t hash[DRIP_HASH_BYTES], key[HOST_KEY_BYTES], tag[DET_BYTES];

    for (size_t i = 0; i < 2; i++) {
        assert_true(hash_from_hex(pairs[i].key, sizeof key, key) && hash_from_hex(pairs[i].tag, sizeof tag, tag));
        assert_true(det_is_of_key(tag, key));
        for (size_t bit = 0; bit < 8 * sizeof tag; bit++) {
            tag[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_false(det_is_of_key(tag, key));
            tag[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
    /* NIST's first sample of cSHAKE128, which is longer: XOF, so that its beginning is the same. */
    drip_hash((struct bytes){ .at = (const uint8_t *)"Email Signature", .len = 15 },
              (struct bytes){ .at = (const uint8_t *)"\0\1\2\3", .len = 4 }, hash);
    assert_memory_equal(hash, "\xc1\xc3\x69\x25\xb6\x40\x9a\x04", sizeof hash);
}

/* A tag of the registry 1000, 2000, of such a key. */
static void make_tag(uint8_t tag[DET_BYTES], const uint8_t host_key[HOST_KEY_BYTES])
{
    static const uint8_t upper[8] = { 0x20, 0x01, 0x00, 0x30, 0xfa, 0x07, 0xd0, 0x05 };
    static const uint8_t context[16] = { 0x00, 0xb5, 0xa6, 0x9c, 0x79, 0x5d, 0xf5, 0xd5,
                                         0xf0, 0x08, 0x7f, 0x56, 0x84, 0x3f, 0x2c, 0x40 };
    struct made m = { .len = 0 };

    put(&m, upper, sizeof upper);
    PUT(&m, 0, 1, 0, 0);
    put(&m, host_key, HOST_KEY_BYTES);
    memcpy(tag, upper, sizeof upper);
    drip_hash((struct bytes){ .at = context, .len = sizeof context }, made_bytes(&m), tag + sizeof upper);
}

struct registry {
    struct signer parent, aircraft;
    uint8_t parent_tag[DET_BYTES], tag[DET_BYTES];
};

static void make_registry(struct registry *r)
{
    make_signer(&r->parent, NULL);
    make_signer(&r->aircraft, NULL);
    make_tag(r->parent_tag, r->parent.host_key);
    make_tag(r->tag, r->aircraft.host_key);
}

static void put_times(struct made *m, uint32_t from)
{
    put_le(m, from, 4);
    put_le(m, from + 120, 4);
}

static struct made link_of(const struct registry *r, uint32_t from)
{
    struct made m = { .len = 0 };
    uint8_t signature[160];

    PUT(&m, DRIP_LINK);
    put_times(&m, from);
    put(&m, r->tag, DET_BYTES);
    put(&m, r->aircraft.host_key, HOST_KEY_BYTES);
    put(&m, r->parent_tag, DET_BYTES);
    sign(&r->parent, NULL, bytes_part(made_bytes(&m), 1, UINT64_MAX), signature);
    put(&m, signature, 64);
    return m;
}

/* What the aircraft signs: `evidence` is sent along unless `on_the_air` is false. */
static struct made signed_of(const struct registry *r, enum drip_form form, uint32_t from, struct bytes evidence,
                             bool on_the_air)
{
    struct made m = { .len = 0 }, all = { .len = 0 };
    uint8_t signature[160];

    put_times(&all, from);
    put(&all, evidence.at, evidence.len);
    put(&all, r->tag, DET_BYTES);
    sign(&r->aircraft, NULL, made_bytes(&all), signature);
    PUT(&m, (uint8_t)form);
    put_times(&m, from);
    if (on_the_air)
        put(&m, evidence.at, evidence.len);
    put(&m, r->tag, DET_BYTES);
    put(&m, signature, 64);
    return m;
}

static void put_session(struct made *m, const uint8_t tag[DET_BYTES])
{
    PUT(m, 0x02, 0x42, 1);
    put(m, tag, DET_BYTES);
    put_zeros(m, 25 - 3 - DET_BYTES);
}

static void drip_from_the_registry_down(void **state)
{
    struct registry r;
    struct place p;
    struct made sent = { .len = 0 }, pages = { .len = 0 };

    make_registry(&r);
    put_location(&sent, 2, 520000000, 130000000);
    put_session(&sent, r.tag);
    struct made by_type = { .len = 0 };
    put(&by_type, sent.at + 25, 25);
    put(&by_type, sent.at, 25);
    const struct made wrapper = signed_of(&r, DRIP_WRAPPER, NOW, made_bytes(&by_type), false);
    put_pages(&sent, 5, NOW, wrapper.at, wrapper.len);
    struct made pack = pack_of(&sent);

    /* Before the link nobody knows whose key it is; the link's signer is in the file. */
    begin(&p, r.parent.pem);
    hear_content(&p.heard, 1, made_bytes(&pack));
    const struct fact_broadcast *b = heard_broadcast(&p.heard, 0);
    assert_int_equal(b->verified, FACT_UNKNOWN_INT);
    assert_true(says(b, "\"method\":\"drip_wrapper\"") && says(b, "\"entity_tag\":\"2001:30:fa07:d005:"));
    const struct made link = link_of(&r, NOW);
    put_pages(&pages, 5, NOW, link.at, link.len);
    hear_pages(&p, &pages, 0);
    b = heard_broadcast(&p.heard, pages.len / 25);
    assert_int_equal(b->verified, true);
    assert_true(says(b, "\"method\":\"drip_link\"") && says(b, "\"signed\":\"key\",\"key_source\":\"file\""));
    hear_content(&p.heard, 2, made_bytes(&pack));
    b = heard_broadcast(&p.heard, 1 + pages.len / 25);
    assert_int_equal(b->verified, true);
    assert_true(says(b, "\"signed\":\"messages_by_type\",\"key_source\":\"link\""));
    /* The place is another one. */
    pack.at[3 + 5] ^= 1;
    hear_content(&p.heard, 3, made_bytes(&pack));
    b = heard_broadcast(&p.heard, 2 + pages.len / 25);
    assert_int_equal(b->verified, false);
    assert_true(is_odd(b, "signature_wrong"));
    pack.at[3 + 5] ^= 1;
    end(&p);

    /* With the aircraft's own key no link is needed. */
    begin(&p, r.aircraft.pem);
    hear_content(&p.heard, 1, made_bytes(&pack));
    assert_int_equal(heard_broadcast(&p.heard, 0)->verified, true);
    end(&p);

    /* Without keys that vouch for it, its own word fits and proves nothing. */
    struct signer stranger;
    make_signer(&stranger, NULL);
    begin(&p, stranger.pem);
    hear_pages(&p, &pages, 0);
    hear_content(&p.heard, 2, made_bytes(&pack));
    b = heard_broadcast(&p.heard, pages.len / 25);
    assert_int_equal(b->verified, FACT_UNKNOWN_INT);
    assert_true(says(b, "\"key_source\":\"announced\""));
    end(&p);
    EVP_PKEY_free(stranger.key);
    EVP_PKEY_free(r.parent.key);
    EVP_PKEY_free(r.aircraft.key);
}

static void drip_that_is_not_as_it_says(void **state)
{
    struct registry r, other;
    struct place p;

    make_registry(&r);
    make_registry(&other);

    /* Old: recorded and sent again. */
    struct made link = link_of(&r, NOW - 100000), pages = { .len = 0 };
    put_pages(&pages, 5, NOW, link.at, link.len);
    begin(&p, r.parent.pem);
    hear_pages(&p, &pages, 0);
    const struct fact_broadcast *b = heard_broadcast(&p.heard, pages.len / 25 - 1);
    assert_int_equal(b->verified, false);
    assert_true(is_odd(b, "authentication_expired"));
    end(&p);

    /* A tag that is not of the key, although the registry's signature is good. */
    struct registry false_tag = r;
    memcpy(false_tag.tag, other.tag, DET_BYTES);
    link = link_of(&false_tag, NOW);
    pages.len = 0;
    put_pages(&pages, 5, NOW, link.at, link.len);
    begin(&p, r.parent.pem);
    hear_pages(&p, &pages, 0);
    b = heard_broadcast(&p.heard, pages.len / 25 - 1);
    assert_int_equal(b->verified, false);
    assert_true(is_odd(b, "entity_tag_false"));
    end(&p);

    /* It flies under the session id of another. */
    struct made sent = { .len = 0 };
    put_session(&sent, other.tag);
    const struct made frame = signed_of(&r, DRIP_FRAME, NOW,
                                        (struct bytes){ .at = (const uint8_t *)"\1frame", .len = 6 }, true);
    put_pages(&sent, 5, NOW, frame.at, frame.len);
    const struct made pack = pack_of(&sent);
    begin(&p, r.aircraft.pem);
    hear_content(&p.heard, 1, made_bytes(&pack));
    b = heard_broadcast(&p.heard, 0);
    assert_int_equal(b->verified, false);
    assert_true(is_odd(b, "entity_tag_disagrees") && says(b, "\"signed\":\"frame\""));
    end(&p);
    for (struct registry *x = &r; x; x = x == &r ? &other : NULL) {
        EVP_PKEY_free(x->parent.key);
        EVP_PKEY_free(x->aircraft.key);
    }
}

static void manifests_count_what_was_heard(void **state)
{
    struct registry r;
    struct place p;
    struct made messages = { .len = 0 }, evidence = { .len = 0 };
    uint8_t hash[DRIP_HASH_BYTES];

    make_registry(&r);
    put_session(&messages, r.tag);
    put_location(&messages, 2, 520000000, 130000000);
    put_zeros(&evidence, 3 * DRIP_HASH_BYTES);
    for (size_t i = 0; i < 2; i++) {
        drip_hash((struct bytes){ .at = (const uint8_t *)"Remote ID Auth Hash", .len = 19 },
                  (struct bytes){ .at = messages.at + 25 * i, .len = 25 }, hash);
        put(&evidence, hash, sizeof hash);
    }
    PUT_TEXT(&evidence, "unheard!");
    const struct made manifest = signed_of(&r, DRIP_MANIFEST, NOW, made_bytes(&evidence), true);
    put_pages(&messages, 5, NOW, manifest.at, manifest.len);
    begin(&p, r.aircraft.pem);
    hear_pages(&p, &messages, 0);
    const struct fact_broadcast *b = heard_broadcast(&p.heard, messages.len / 25 - 1);
    assert_int_equal(b->verified, true);
    assert_true(says(b, "\"hashes\":3,\"hashes_heard\":2,\"signed\":\"hashes\""));
    end(&p);
    EVP_PKEY_free(r.parent.key);
    EVP_PKEY_free(r.aircraft.key);
}

static void drip_cut_everywhere(void **state)
{
    struct registry r;
    struct drip d;

    make_registry(&r);
    struct made whole = link_of(&r, NOW);
    for (size_t len = 0; len <= whole.len + 1; len++) {
        struct bytes in = exact_copy(whole.at, len);
        assert_int_equal(drip_parse(in, &d),
                         len < whole.len ? PARSE_TRUNCATED : len == whole.len ? PARSE_OK : PARSE_INVALID);
        exact_copy_free(in);
    }
    struct made message = { .len = 0 };
    put_location(&message, 2, 1, 1);
    whole = signed_of(&r, DRIP_WRAPPER, NOW, made_bytes(&message), true);
    for (size_t len = 0; len <= whole.len; len++) {
        struct bytes in = exact_copy(whole.at, len);
        const bool fits = len == whole.len || len == whole.len - 25; /* with a message or without */
        assert_int_equal(drip_parse(in, &d), fits ? PARSE_OK : len < whole.len - 25 ? PARSE_TRUNCATED : PARSE_INVALID);
        exact_copy_free(in);
    }
    for (unsigned form = 0; form < 256; form++) {
        whole.at[0] = (uint8_t)form;
        if (form < DRIP_LINK || form > DRIP_FRAME)
            assert_int_equal(drip_parse(made_bytes(&whole), &d), PARSE_UNSUPPORTED);
    }
    EVP_PKEY_free(r.parent.key);
    EVP_PKEY_free(r.aircraft.key);
}

static void files_of_keys(void **state)
{
    struct arena *arena = arena_new(0);
    struct signer a, b;
    struct rid_keys keys;
    const char *why = NULL;
    char text[2048];

    make_signer(&a, NULL);
    make_signer(&b, "P-256");
    snprintf(text, sizeof text, "our two drones\r\nfor: 1596EXAMPLE00001 \r\n%sfor:2001:30::1\n%s", a.pem, b.pem);
    make_keys(&keys, arena, text);
    assert_int_equal(keys.count, 2);
    assert_true(text_equal(keys.keys[0].owner, TEXT("1596EXAMPLE00001")) && !keys.keys[0].owner_is_det);
    assert_int_equal(keys.keys[0].kind, RID_KEY_ED25519);
    assert_int_equal(keys.keys[1].kind, RID_KEY_P256);
    assert_true(keys.keys[1].owner_is_det && keys.keys[1].owner_det[15] == 1);
    const size_t first = (size_t)(strstr(text, "-----END") - text), second = (size_t)(strstr(text, "for:2001") - text);
    for (size_t len = 0; len < strlen(text); len++) {
        struct bytes cut = exact_copy(text, len);
        struct rid_keys part = { .count = 0 };
        const bool read = rid_keys_read(cut, arena, &part, &why);
        if (len < first)
            assert_false(read);
        else if (len > second && read)
            assert_in_range(part.count, 1, 2);
        exact_copy_free(cut);
    }
    static const char *const bad[] = {
        "", "for: nobody\n", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "-----END PUBLIC KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        why = NULL;
        assert_false(rid_keys_read((struct bytes){ .at = (const uint8_t *)bad[i], .len = strlen(bad[i]) }, arena, &keys,
                                   &why));
        assert_non_null(why);
    }
    EVP_PKEY_free(a.key);
    EVP_PKEY_free(b.key);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_that_the_standard_names),
        cmocka_unit_test(pages_that_come_alone),
        cmocka_unit_test(tags_are_made_of_keys),
        cmocka_unit_test(drip_from_the_registry_down),
        cmocka_unit_test(drip_that_is_not_as_it_says),
        cmocka_unit_test(manifests_count_what_was_heard),
        cmocka_unit_test(drip_cut_everywhere),
        cmocka_unit_test(files_of_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
