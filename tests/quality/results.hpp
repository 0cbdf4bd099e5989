// Result files: tab-separated text, the first line its column titles. The page is made of nothing else.
#pragma once

#include <cstdarg>
#include <cstdio>
#include <string>

namespace quality {

// A printf that returns its text.
[[gnu::format(printf, 1, 2)]] inline std::string text(const char* format, ...) {
    char buffer[512];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    return buffer;
}

// A count with commas; 2^k where that is what it is and k > 16.
inline std::string count(unsigned long long n) {
    if (n > 65536 && (n & (n - 1)) == 0) {
        return text("2^%d", __builtin_ctzll(n));
    }
    std::string grouped;
    const std::string digits = std::to_string(n);
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) {
            grouped += ',';
        }
        grouped += digits[i];
    }
    return grouped;
}

} // namespace quality
