#include "media/build.h"

#include <math.h>
#include <string.h>

#include "media/photo_xmp.h"
#include "media/xmp.h"

static const struct scan_case {
    const char *name, *packet;
    const char *want; /* "prefix:local=value;" for every property */
    enum parse_status status;
} scan_cases[] = {
    { "attributes", "<a xmlns:p='u' p:X=\"1\" p:Y='2'/>", "p:X=1;p:Y=2;", PARSE_OK },
    { "element text", "<p:X>\n 12 \n</p:X>", "p:X=12;", PARSE_OK },
    { "items", "<p:X><rdf:Seq><rdf:li>a</rdf:li><rdf:li>b</rdf:li></rdf:Seq></p:X>", "p:X=a;p:X=b;", PARSE_OK },
    { "resource", "<p:X rdf:resource='here'/>", "p:X=here;", PARSE_OK },
    { "rdf by another prefix", "<p:X xmlns:R='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><R:li>a</R:li></p:X>",
      "p:X=a;", PARSE_OK },
    { "default namespace", "<X xmlns='u'>v</X>", ":X=v;", PARSE_OK },
    { "comment and processing instruction", "<?xpacket?><p:X><!-- <p:Y>no</p:Y> -->v</p:X><?xpacket end='w'?>",
      "p:X=v;", PARSE_OK },
    { "cdata", "<p:X><![CDATA[a<b]]></p:X>", "p:X=a<b;", PARSE_OK },
    { "entities", "<p:X>&lt;&amp;&#65;&#x42;&eacute;&quot</p:X>", "p:X=<&AB&eacute;&quot;", PARSE_OK },
    { "an entity past Unicode", "<p:X>&#x110000;&#0;</p:X>", "p:X=&#x110000;&#0;;", PARSE_OK },
    { "doctype with entities is not expanded", "<!DOCTYPE a><p:X>&a;</p:X>", "p:X=&a;;", PARSE_OK },
    { "greater-than in a value", "<a p:X='1>2' p:Y='3'/>", "p:X=1>2;p:Y=3;", PARSE_OK },
    { "blanks around the equals sign", "<a p:X = '1'\n\tp:Y\n=\n'2' />", "p:X=1;p:Y=2;", PARSE_OK },
    { "an attribute without quotes", "<a p:X=1 p:Y='2'><p:Z>3</p:Z></a>", "p:Z=3;", PARSE_INVALID },
    { "one end tag too many", "<p:X>1</p:X></p:X><p:Y>2</p:Y>", "p:X=1;p:Y=2;", PARSE_INVALID },
    { "cut in a value", "<a p:X='1' p:Y='2", "p:X=1;", PARSE_TRUNCATED },
    { "cut in an element", "<p:X>1", "p:X=1;", PARSE_TRUNCATED },
    { "utf-16", "\xff\xfe<\0", "", PARSE_UNSUPPORTED },
    { "nothing", "", "", PARSE_OK },
};

static void reads_every_form_of_property(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof scan_cases / sizeof scan_cases[0]; i++) {
        const struct scan_case *c = &scan_cases[i];
        struct bytes in = exact_copy(c->packet, strlen(c->packet));
        struct arena *a = arena_new(0);
        struct xmp_property p;
        struct xmp_scan s;
        struct buffer got;

        buffer_init(&got, 4096);
        for (xmp_scan_init(&s, in); xmp_next(&s, &p); ) {
            const struct text value = xml_text(a, p.value);
            buffer_add_text(&got, p.name.prefix);
            buffer_add_u8(&got, ':');
            buffer_add_text(&got, p.name.local);
            buffer_add_u8(&got, '=');
            buffer_add_text(&got, value);
            buffer_add_u8(&got, ';');
        }
        if (!text_equal(buffer_text(&got), text_of(c->want)))
            fail_msg("%s: %.*s", c->name, (int)got.len, buffer_text(&got).at);
        if (s.status != c->status)
            fail_msg("%s: status %d", c->name, s.status);
        buffer_done(&got);
        arena_free(a);
        exact_copy_free(in);
    }
}

static void a_prefix_may_be_bound_behind_its_use(void **state)
{
    static const char packet[] = "<a p:X='1' xmlns:p='urn:late'/>";
    struct xmp_property p;
    struct xmp_scan s;

    (void)state;
    xmp_scan_init(&s, (struct bytes){ .at = (const uint8_t *)packet, .len = sizeof packet - 1, .origin = 100 });
    assert_true(xmp_next(&s, &p));
    assert_text_equal(p.namespace, "urn:late");
    assert_int_equal(p.value.origin, 108);
    assert_false(xmp_next(&s, &p));
}

static void depth_is_bounded(void **state)
{
    struct xmp_property p;
    struct xmp_scan s;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 20);
    for (int i = 0; i < 20000; i++)
        buffer_add(&b, "<p:X>", 5);
    buffer_add(&b, "v", 1);
    xmp_scan_init(&s, (struct bytes){ .at = b.at, .len = b.len });
    assert_true(xmp_next(&s, &p));
    assert_false(xmp_next(&s, &p));
    assert_int_equal(s.status, PARSE_TRUNCATED);
    buffer_done(&b);
}

static enum parse_status read_photo(struct reading *r, struct bytes packet)
{
    struct photo p;

    photo_init(&p, r, "xmp", packet.len);
    photo_read_xmp(&p, pieces_one(packet), "XMP");
    photo_put(&p);
    return PARSE_OK;
}

#define DJI(attributes) "<a xmlns:drone-dji='http://www.dji.com/drone-dji/1.0/' " attributes "/>"

static const struct place_case {
    const char *name, *packet;
    double latitude_deg, longitude_deg, altitude_m; /* NaN = unknown */
    const char *alt_ref;
} place_cases[] = {
    { "as DJI writes it", DJI("drone-dji:GpsLatitude='+52.5' drone-dji:GpsLongitude='-5.25' "
      "drone-dji:AltitudeType='GpsFusionAlt' drone-dji:AbsoluteAltitude='+221.404' drone-dji:RelativeAltitude='+16.5'"),
      52.5, -5.25, 221.404, "msl" },
    { "misspelt", DJI("drone-dji:GpsLatitude='-52.5' drone-dji:GpsLongtitude='5.25'"), -52.5, 5.25, NAN, NULL },
    { "element text", "<drone-dji:Latitude>52.5</drone-dji:Latitude><drone-dji:Longitude>5.25</drone-dji:Longitude>",
      52.5, 5.25, NAN, NULL },
    { "exif namespace", "<a exif:GPSLatitude='52,30.00N' exif:GPSLongitude='5,15,0W' exif:GPSAltitude='3915/100'"
      " exif:GPSAltitudeRef='1'/>", 52.5, -5.25, -39.15, "msl" },
    { "another maker's prefix", "<a drone-parrot:GPSLatitude='52.5' drone-parrot:GPSLongitude='5.25'/>",
      52.5, 5.25, NAN, NULL },
    { "network height", DJI("drone-dji:GpsLatitude='52.5' drone-dji:GpsLongitude='5.25' drone-dji:AltitudeType='RtkAlt' "
      "drone-dji:AbsoluteAltitude='80'"), 52.5, 5.25, 80, "ellipsoid" },
    { "pressure height", DJI("drone-dji:GpsLatitude='52.5' drone-dji:GpsLongitude='5.25' "
      "drone-dji:AltitudeType='PressureAlt' drone-dji:AbsoluteAltitude='80'"), 52.5, 5.25, 80, "unknown" },
    { "only above the take-off", DJI("drone-dji:GpsLatitude='52.5' drone-dji:GpsLongitude='5.25' "
      "drone-dji:RelativeAltitude='+16.5'"), 52.5, 5.25, 16.5, "takeoff" },
    { "deviations are no place", DJI("drone-dji:RtkStdLat='0.01' drone-dji:RtkStdLon='0.01'"), NAN, NAN, NAN, NULL },
    { "no number", DJI("drone-dji:GpsLatitude='here' drone-dji:GpsLongitude='5.25'"), NAN, NAN, NAN, NULL },
    { "half of a place", DJI("drone-dji:GpsLongitude='5.25'"), NAN, NAN, NAN, NULL },
};

static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) < 1e-9;
}

static void understands_places(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof place_cases / sizeof place_cases[0]; i++) {
        const struct place_case *c = &place_cases[i];
        struct photo_result x;

        photo_result_init(&x, read_photo, (struct bytes){ (const uint8_t *)c->packet, strlen(c->packet), 0 });
        const struct fact_media *media = photo_media(&x);
        if (!same(media->latitude_deg, c->latitude_deg) || !same(media->longitude_deg, c->longitude_deg) ||
            !same(media->altitude_m, c->altitude_m) || !text_equal(media->alt_ref, text_of(c->alt_ref)))
            fail_msg("%s: %.9g %.9g %.9g", c->name, media->latitude_deg, media->longitude_deg, media->altitude_m);
        photo_result_done(&x);
    }
}

static const struct name_case {
    const char *packet, *kind, *value;
} name_cases[] = {
    { "<a aux:SerialNumber='S1'/>", "serial", "S1" },
    { "<a x:cameraSERIALnumber='S2'/>", "serial", "S2" },
    { "<a drone-dji:CaptureUUID='u-1'/>", "uuid", "u-1" },
    { "<a xmpMM:OriginalDocumentID='xmp.did:1'/>", "uuid", "xmp.did:1" },
    { "<rdf:Description rdf:about='uuid:77'/>", "uuid", "uuid:77" },
    { "<dc:creator><rdf:Seq><rdf:li>Ann &amp; Bob</rdf:li></rdf:Seq></dc:creator>", "name", "Ann & Bob" },
    { "<photoshop:City>Utrecht</photoshop:City>", "place", "Utrecht" },
    { "<a y:HangarLatitude='52.7'/>", "place", "52.7" }, /* whose place is not known: not lost either */
    { "<a drone-dji:DroneID='d7'/>", "device_id", "d7" },
    { "<pdf:Author>Ann</pdf:Author>", "name", "Ann" },
    { "<a tiff:Copyright='Ann 2024'/>", "name", "Ann 2024" },
    { "<exif:UserComment><rdf:Alt><rdf:li>of Ann</rdf:li></rdf:Alt></exif:UserComment>", "comment", "of Ann" },
    { "<a tiff:ImageDescription='of Bea'/>", "comment", "of Bea" },
    { "<a exif:GPSAreaInformation='Utrecht'/>", "place", "Utrecht" },
    { "<a xmpRights:Owner='Ann'/>", "owner_name", "Ann" },
    { "<c:CreatorContactInfo c:CiEmailWork='ann@test.example'/>", "contact", "ann@test.example" },
    { "<c:CreatorContactInfo rdf:parseType='Resource'><c:CiTelWork>+00 1</c:CiTelWork></c:CreatorContactInfo>", "contact", "+00 1" },
    { "<a c:CiAdrExtadr='Way 1'/>", "contact", "Way 1" },
    { "<a c:CiAdrCity='Utrecht'/>", "place", "Utrecht" },
    { "<a plus:LicensorEmail='sales@test.example'/>", "contact", "sales@test.example" },
    { "<a plus:LicensorTelephone2='+00 2'/>", "contact", "+00 2" },
    { "<a plus:LicensorName='Seller'/>", "name", "Seller" },
    { "<a plus:CopyrightOwnerName='Holder'/>", "name", "Holder" },
    { "<a plus:ImageCreatorName='Maker'/>", "name", "Maker" },
    { "<a plus:EndUserName='User'/>", "name", "User" },
    { "<e:PersonInImageWDetails><rdf:Bag><rdf:li><e:PersonName><rdf:Alt><rdf:li>Bea</rdf:li></rdf:Alt></e:PersonName>"
      "</rdf:li></rdf:Bag></e:PersonInImageWDetails>", "name", "Bea" },
    { "<a xmlns:mwg-rs='http://www.metadataworkinggroup.com/schemas/regions/' mwg-rs:Name='Cleo'/>", "name", "Cleo" },
    { "<a MPReg:PersonDisplayName='Dan'/>", "name", "Dan" },
};

static void names_identifiers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof name_cases / sizeof name_cases[0]; i++) {
        struct photo_result x;

        photo_result_init(&x, read_photo, (struct bytes){ (const uint8_t *)name_cases[i].packet,
                                                          strlen(name_cases[i].packet), 0 });
        if (!photo_identifier(&x, name_cases[i].kind, name_cases[i].value))
            fail_msg("%s", name_cases[i].packet);
        photo_result_done(&x);
    }
}

static void knows_utc_only_from_what_states_it(void **state)
{
    static const struct { const char *packet; int64_t taken; const char *local; } cases[] = {
        { "<a drone-dji:UTCAtExposure='2024-05-01T09:30:00.5'/>", INT64_C(1714555800500000000), NULL },
        { "<a exif:DateTimeOriginal='2024-05-01T11:30:00+02:00'/>", INT64_C(1714555800000000000), "2024-05-01T11:30:00" },
        { "<a exif:DateTimeOriginal='2024:05:01 11:30:00'/>", FACT_UNKNOWN_INT, "2024-05-01T11:30:00" },
        { "<a exif:DateTimeOriginal='2024:13:01 11:30:00'/>", FACT_UNKNOWN_INT, NULL },
        { "<a photoshop:DateCreated='2024-05-01T11:30:00+02:00'/>", INT64_C(1714555800000000000), "2024-05-01T11:30:00" },
        { "<a photoshop:DateCreated='2020-01-01T00:00:00' exif:DateTimeOriginal='2024-05-01T11:30:00+02:00'/>", INT64_C(1714555800000000000), "2024-05-01T11:30:00" },
        { "<a exif:DateTimeOriginal='2024-05-01T11:30:00+02:00' photoshop:DateCreated='2020-01-01T00:00:00'/>", INT64_C(1714555800000000000), "2024-05-01T11:30:00" },
        { "<a other:DateCreated='2024-05-01T11:30:00+02:00'/>", FACT_UNKNOWN_INT, NULL },
        { "<a xmp:CreateDate='2024-05-01T11:30:00+02:00'/>", FACT_UNKNOWN_INT, NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct photo_result x;

        photo_result_init(&x, read_photo, (struct bytes){ (const uint8_t *)cases[i].packet, strlen(cases[i].packet),
                                                          0 });
        if (photo_media(&x)->taken != cases[i].taken ||
            !text_equal(photo_media(&x)->taken_local, text_of(cases[i].local)))
            fail_msg("%s", cases[i].packet);
        photo_result_done(&x);
    }
}

static void survives_cuts_and_flips(void **state)
{
    static const char packet[] =
        "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
        "<!-- c --><a xmlns:d='u' d:GpsLatitude='+1.5' d:GpsLongitude='2,3.5E' d:Serial='&#65;&amp;'>"
        "<dc:creator><rdf:Seq><rdf:li>A<![CDATA[B]]></rdf:li></rdf:Seq></dc:creator></a></x:xmpmeta><?xpacket end='w'?>";

    (void)state;
    sweep(read_photo, (struct bytes){ (const uint8_t *)packet, sizeof packet - 1, 0 }, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form_of_property),
        cmocka_unit_test(a_prefix_may_be_bound_behind_its_use),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(understands_places),
        cmocka_unit_test(names_identifiers),
        cmocka_unit_test(knows_utc_only_from_what_states_it),
        cmocka_unit_test(survives_cuts_and_flips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
