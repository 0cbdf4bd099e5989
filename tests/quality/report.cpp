// nnoise_quality_report <results folder> <template>: the template with its directives replaced by tables of the result
// files, to standard output. A directive is a line of its own:
//   @table <file> [suite]    the file's lines, or those of one suite, without empty columns
//   @summary <file>          one line for each of the file's suites: how its p-values are spread
//   @overall <file> ...      one line for each file, and one for all
//   @extremes <n> <file> ... the n lines whose p is nearest to 0 or 1
// Suites named `control` are bad generators on purpose, and are left out of @overall and @extremes.
#include "statistics.hpp"

#include "results.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace quality;
using Row = std::vector<std::string>;

struct Table {
    Row titles;
    std::vector<Row> rows;

    int column(const std::string& title) const {
        const auto at = std::find(titles.begin(), titles.end(), title);
        return at == titles.end() ? -1 : static_cast<int>(at - titles.begin());
    }
    const std::string& cell(const Row& row, const std::string& title) const {
        return row[static_cast<std::size_t>(column(title))];
    }
};

[[noreturn]] void fail(const std::string& message) {
    std::cerr << message << "\n";
    std::exit(1);
}

Row split(const std::string& line, char separator) {
    Row cells(1);
    for (const char c : line) {
        if (c == separator) {
            cells.emplace_back();
        } else {
            cells.back() += c;
        }
    }
    return cells;
}

Table read(const std::string& folder, const std::string& name) {
    std::ifstream file(folder + "/" + name);
    if (!file) {
        fail("cannot read " + folder + "/" + name);
    }
    Table table;
    for (std::string line; std::getline(file, line);) {
        Row cells = split(line, '\t');
        if (table.titles.empty()) {
            table.titles = cells;
        } else if (cells.size() == table.titles.size()) {
            table.rows.push_back(cells);
        } else {
            fail(name + ": a line with another number of cells than titles: " + line);
        }
    }
    return table;
}

std::string join(const Row& cells) {
    std::string line = "|";
    for (const std::string& cell : cells) {
        line += " " + cell + " |";
    }
    return line;
}

void print(const Row& titles, const std::vector<Row>& rows) {
    std::cout << join(titles) << "\n" << join(Row(titles.size(), "---")) << "\n";
    for (const Row& row : rows) {
        std::cout << join(row) << "\n";
    }
}

// A p-value to three digits; near 1 its distance from 1.
std::string show_p(double p) {
    return p <= 0          ? "0"
           : p < 0.001     ? text("%.1e", p)
           : p > 1 - 1e-12 ? "1"
           : p > 0.9995    ? text("1 - %.1e", 1 - p)
                           : text("%.3f", p);
}

void print_table(const Table& table, const std::string& suite) {
    const int suites = table.column("suite");
    std::vector<Row> rows;
    for (const Row& row : table.rows) {
        if (suite.empty() || row[static_cast<std::size_t>(suites)] == suite) {
            rows.push_back(row);
        }
    }
    if (rows.empty()) {
        fail("no line of suite '" + suite + "'");
    }
    Row titles;
    std::vector<Row> shown(rows.size());
    for (std::size_t c = 0; c < table.titles.size(); ++c) {
        const bool is_empty = std::all_of(rows.begin(), rows.end(), [&](const Row& row) { return row[c].empty(); });
        if (is_empty || (!suite.empty() && static_cast<int>(c) == suites)) {
            continue;
        }
        titles.push_back(table.titles[c]);
        for (std::size_t r = 0; r < rows.size(); ++r) {
            const std::string& cell = rows[r][c];
            shown[r].push_back(table.titles[c] == "p" && !cell.empty() ? show_p(std::atof(cell.c_str())) : cell);
        }
    }
    print(titles, shown);
}

bool is_control(const std::string& suite) { return suite.find("control") != std::string::npos; }

// The p-values of each suite in the file's order of suites.
std::vector<std::pair<std::string, std::vector<double>>> by_suite(const Table& table) {
    std::vector<std::pair<std::string, std::vector<double>>> suites;
    for (const Row& row : table.rows) {
        const std::string& suite = table.cell(row, "suite");
        auto at = std::find_if(suites.begin(), suites.end(), [&](const auto& known) { return known.first == suite; });
        if (at == suites.end()) {
            suites.emplace_back(suite, std::vector<double>());
            at = suites.end() - 1;
        }
        if (!table.cell(row, "p").empty()) {
            at->second.push_back(std::atof(table.cell(row, "p").c_str()));
        }
    }
    return suites;
}

const Row spread_titles = {"p-values",          "smallest",         "largest",
                           "nearest to an end", "expected nearest", "chance of one as near",
                           "uniformity, p"};

// How m p-values are spread. Nearest to an end: the smallest of 2 min(p, 1 - p), which is 1 / (m + 1) on average and at
// most x with probability 1 - (1 - x)^m, were the tests independent.
Row spread(std::vector<double> p) {
    const double m = static_cast<double>(p.size());
    if (p.empty()) {
        return {"0", "", "", "", "", "", ""};
    }
    const auto [low, high] = std::minmax_element(p.begin(), p.end());
    const double smallest = *low, largest = *high;
    const double nearest = std::min(1.0, 2 * std::min(smallest, 1 - largest));
    std::vector<double> inside = p;
    for (double& value : inside) { // printed with so many digits; A^2 would need more, D does not
        value = std::clamp(value, 1e-15, 1 - 1e-15);
    }
    const double uniformity = kolmogorov_upper(goodness(inside).d, m);
    return {count(p.size()),   show_p(smallest),    show_p(largest),
            show_p(nearest),   show_p(1 / (m + 1)), show_p(-std::expm1(m * std::log1p(-std::min(nearest, 1 - 1e-15)))),
            show_p(uniformity)};
}

void print_summary(const Table& table) {
    Row titles = {"suite"};
    titles.insert(titles.end(), spread_titles.begin(), spread_titles.end());
    std::vector<Row> rows;
    for (const auto& [suite, p] : by_suite(table)) {
        Row row = spread(p);
        row.insert(row.begin(), suite);
        rows.push_back(row);
    }
    print(titles, rows);
}

void print_overall(const std::string& folder, const Row& files) {
    Row titles = {"results"};
    titles.insert(titles.end(), spread_titles.begin(), spread_titles.end());
    std::vector<Row> rows;
    std::vector<double> all;
    for (const std::string& file : files) {
        std::vector<double> of_file;
        for (const auto& [suite, p] : by_suite(read(folder, file))) {
            if (!is_control(suite)) {
                of_file.insert(of_file.end(), p.begin(), p.end());
            }
        }
        all.insert(all.end(), of_file.begin(), of_file.end());
        Row row = spread(of_file);
        row.insert(row.begin(), "`" + file + "`");
        rows.push_back(row);
    }
    Row row = spread(all);
    row.insert(row.begin(), "all");
    rows.push_back(row);
    print(titles, rows);
}

void print_extremes(const std::string& folder, std::size_t n, const Row& files) {
    std::vector<std::pair<double, Row>> lines;
    for (const std::string& file : files) {
        const Table table = read(folder, file);
        for (const Row& row : table.rows) {
            const std::string &suite = table.cell(row, "suite"), &p = table.cell(row, "p");
            if (!is_control(suite) && !p.empty()) {
                const double value = std::atof(p.c_str());
                lines.push_back({std::min(value, 1 - value), {suite, table.cell(row, "test"), show_p(value)}});
            }
        }
    }
    std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Row> rows;
    for (std::size_t i = 0; i < std::min(n, lines.size()); ++i) {
        rows.push_back(lines[i].second);
    }
    print({"suite", "test", "p"}, rows);
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        fail("usage: nnoise_quality_report <results folder> <template>");
    }
    const std::string folder = argv[1];
    std::ifstream page(argv[2]);
    if (!page) {
        fail(std::string("cannot read ") + argv[2]);
    }
    for (std::string line; std::getline(page, line);) {
        const Row words = split(line, ' ');
        const auto rest = [&](std::size_t from) {
            return Row(words.begin() + static_cast<std::ptrdiff_t>(std::min(from, words.size())), words.end());
        };
        if (words[0] == "@table" && words.size() >= 2) {
            const std::size_t suite = std::string("@table ").size() + words[1].size() + 1;
            print_table(read(folder, words[1]), suite < line.size() ? line.substr(suite) : "");
        } else if (words[0] == "@summary" && words.size() == 2) {
            print_summary(read(folder, words[1]));
        } else if (words[0] == "@overall" && words.size() >= 2) {
            print_overall(folder, rest(1));
        } else if (words[0] == "@extremes" && words.size() >= 3) {
            print_extremes(folder, static_cast<std::size_t>(std::atoi(words[1].c_str())), rest(2));
        } else if (!line.empty() && line[0] == '@') {
            fail("no such directive: " + line);
        } else {
            std::cout << line << "\n";
        }
    }
    return 0;
}
