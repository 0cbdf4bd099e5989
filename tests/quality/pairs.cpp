#include "pairs.hpp"

#include "draws.hpp"

namespace quality {

namespace {

// Where the pairs live when nothing else is said: rows 0 .. 31 of step `chunk`.
nnoise_address plain(std::uint32_t chunk) { return {base_seed, site_of("layers.0:activation"), chunk, 0, 0, 1, 0}; }

std::vector<Pair> make_pairs() {
    std::vector<Pair> list;
    for (const int lag : {1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 127, 128, 255, 256, 512, 1023, 1024}) {
        list.push_back({"elements", text("elements %d apart", lag), plain, plain, lag});
    }
    list.push_back({"elements", "the two normals of a pair of words", plain, plain, 1, 0});
    list.push_back({"elements", "the last normal of a pair and the first of the next", plain, plain, 1, 1});

    for (std::uint32_t distance = 1; distance != 0; distance = distance < 64 ? distance + distance : distance << 5) {
        list.push_back({"rows", text("rows %u apart", distance), plain, [=](std::uint32_t chunk) {
                            nnoise_address a = plain(chunk);
                            a.first_row += distance;
                            return a;
                        }});
        list.push_back({"steps", text("steps %u apart", distance), plain, [=](std::uint32_t chunk) {
                            nnoise_address a = plain(chunk);
                            a.step += distance;
                            return a;
                        }});
    }

    for (std::uint32_t bit = 0; bit < 32; ++bit) {
        list.push_back({"sites", text("sites that differ in bit %u", bit), plain, [=](std::uint32_t chunk) {
                            nnoise_address a = plain(chunk);
                            a.site ^= 1u << bit;
                            return a;
                        }});
    }
    list.push_back({"sites", "sites 0, 1, 2, ... and the next",
                    [](std::uint32_t chunk) {
                        nnoise_address a = plain(0);
                        a.site = chunk;
                        return a;
                    },
                    [](std::uint32_t chunk) {
                        nnoise_address a = plain(0);
                        a.site = chunk + 1;
                        return a;
                    }});
    for (std::uint32_t j = 1; j <= 4; ++j) {
        list.push_back({"sites", text("a site and its salt %u", j), plain, [=](std::uint32_t chunk) {
                            nnoise_address a = plain(chunk);
                            a.site = nnoise_site_salt(a.site, j);
                            return a;
                        }});
    }
    for (const char* name : {"layers.1:activation", "layers.0:mask", "layers.0:weight", "layers.0:activation#1"}) {
        list.push_back({"sites", text("layers.0:activation and %s", name), plain, [=](std::uint32_t chunk) {
                            nnoise_address a = plain(chunk);
                            a.site = site_of(name);
                            return a;
                        }});
    }

    for (std::uint32_t bit = 0; bit < 64; ++bit) {
        list.push_back({"seeds", text("seeds that differ in bit %u", bit), plain, [=](std::uint32_t chunk) {
                            nnoise_address a = plain(chunk);
                            a.seed ^= std::uint64_t{1} << bit;
                            return a;
                        }});
    }
    for (std::uint64_t seed = 0; seed < 64; ++seed) {
        list.push_back({"seeds", text("seeds %u and %u", static_cast<unsigned>(seed), static_cast<unsigned>(seed + 1)),
                        [=](std::uint32_t chunk) {
                            nnoise_address a = plain(chunk);
                            a.seed = seed;
                            return a;
                        },
                        [=](std::uint32_t chunk) {
                            nnoise_address a = plain(chunk);
                            a.seed = seed + 1;
                            return a;
                        }});
    }
    list.push_back({"seeds", "seeds 0, 1, 2, ... and the next",
                    [](std::uint32_t chunk) {
                        nnoise_address a = plain(0);
                        a.seed = chunk;
                        return a;
                    },
                    [](std::uint32_t chunk) {
                        nnoise_address a = plain(0);
                        a.seed = chunk + 1;
                        return a;
                    }});

    // Coordinates that trade places: the counter's words are multiplied by different constants, but alike in kind.
    list.push_back({"trades", "row a of step b and row b of step a",
                    [](std::uint32_t chunk) {
                        nnoise_address a = plain(chunk);
                        a.first_row = 100000;
                        return a;
                    },
                    [](std::uint32_t chunk) {
                        nnoise_address a = plain(100000);
                        a.step_stride = 1;
                        a.first_row = chunk;
                        a.row_stride = 0;
                        return a;
                    }});
    list.push_back({"trades", "step a of site b and step b of site a",
                    [](std::uint32_t chunk) {
                        nnoise_address a = plain(chunk);
                        a.site = 100000;
                        return a;
                    },
                    [](std::uint32_t chunk) {
                        nnoise_address a = plain(100000);
                        a.site = chunk;
                        return a;
                    }});
    list.push_back({"trades", "one step later and one row earlier", plain, [](std::uint32_t chunk) {
                        nnoise_address a = plain(chunk + 1);
                        a.first_row = 1;
                        return a;
                    }});
    return list;
}

} // namespace

const std::vector<Pair>& pairs() {
    static const std::vector<Pair> list = make_pairs();
    return list;
}

} // namespace quality
