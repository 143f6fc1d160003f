#include "flightlog/dji_product.h"

/* Gaps are codes without a known name. */
static const char *const products[] = {
    [1] = "Inspire 1",
    [2] = "Phantom 3 Standard",
    [3] = "Phantom 3 Advanced",
    [4] = "Phantom 3 Professional",
    [5] = "Osmo",
    [6] = "Matrice 100",
    [7] = "Phantom 4",
    [9] = "Inspire 1 Pro",
    [10] = "A3",
    [11] = "Matrice 600",
    [12] = "Phantom 3 4K",
    [13] = "Mavic Pro",
    [15] = "Inspire 1 RAW",
    [16] = "A2",
    [17] = "Inspire 2",
    [18] = "Osmo Pro",
    [19] = "Osmo RAW",
    [20] = "Osmo+",
    [22] = "Osmo Mobile",
    [24] = "Phantom 4 Pro",
    [25] = "N3",
    [26] = "Spark",
    [27] = "Matrice 600 Pro",
    [28] = "Phantom 4 Advanced",
    [29] = "Phantom 3 SE",
    [31] = "Matrice 200",
    [33] = "Matrice 210",
    [34] = "Matrice 210 RTK",
    [38] = "Mavic Air",
    [42] = "Mavic 2",
    [44] = "Phantom 4 Pro V2.0",
    [46] = "Phantom 4 RTK",
    [57] = "Phantom 4 Multispectral",
    [58] = "Mavic 2 Enterprise",
    [59] = "Mavic Mini",
    [60] = "Matrice 200 V2",
    [61] = "Matrice 210 V2",
    [62] = "Matrice 210 RTK V2",
    [67] = "Mavic Air 2",
    [70] = "Matrice 300 RTK",
    [73] = "FPV",
    [75] = "Air 2S",
    [76] = "Mini 2",
    [77] = "Mavic 3",
    [96] = "Mini SE",
    [103] = "Mini 3 Pro",
    [111] = "Mavic 3 Pro",
    [113] = "Mini 2 SE",
    [116] = "Matrice 30",
    [118] = "Mavic 3 Enterprise",
    [121] = "Avata",
    [126] = "Mini 4 Pro",
    [152] = "Avata 2",
    [170] = "Matrice 350 RTK",
};

static const char *const platforms[] = {
    [1] = "iOS", [2] = "Android", [6] = "DJI Fly", [10] = "Windows", [11] = "macOS", [12] = "Linux",
};

static const char *const departments[] = {
    [1] = "an app made with DJI's SDK", [2] = "DJI GO", [3] = "DJI Fly", [4] = "DJI's agriculture app",
    [5] = "DJI Terra", [6] = "DJI goggles", [7] = "DJI Pilot", [8] = "DJI GS Pro",
};

static struct text name_in(const char *const *names, size_t count, unsigned code)
{
    return code < count ? text_of(names[code]) : TEXT_UNKNOWN;
}

#define NAME_IN(names, code) name_in(names, sizeof(names) / sizeof *(names), code)

struct text dji_product_name(unsigned product_type) { return NAME_IN(products, product_type); }
struct text dji_platform_name(unsigned platform) { return NAME_IN(platforms, platform); }
struct text dji_department_name(unsigned department) { return NAME_IN(departments, department); }

bool dji_battery_serial_is_packed(unsigned product_type)
{
    return product_type == 1 || product_type == 9 || product_type == 15;
}
