// SPDX-License-Identifier: BSL-1.0
// The drawing in the docs is what the table says. TENON_REWRITE_DIAGRAM=1 rewrites docs/state-machine.dot.
#include <tenon/state/diagram.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace {

// This file is test/state/diagram.cpp; the compiler may have been given a relative name.
std::filesystem::path drawing() {
    std::filesystem::path const wanted = "docs/state-machine.dot";
    auto root = std::filesystem::path{__FILE__}.parent_path().parent_path().parent_path();
    if (std::filesystem::exists(root / "docs")) return root / wanted;
    for (root = std::filesystem::current_path(); root != root.root_path(); root = root.parent_path())
        if (std::filesystem::exists(root / wanted)) return root / wanted;
    return wanted;
}

std::string contents(std::filesystem::path const& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::size_t count(std::string const& text, std::string const& part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
    return n;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(state_diagram)

BOOST_AUTO_TEST_CASE(the_drawing_in_the_docs_is_made_from_the_table) {
    auto const text = tenon::diagram(tenon::rfc9293_rows);
    if (std::getenv("TENON_REWRITE_DIAGRAM") != nullptr) std::ofstream{drawing(), std::ios::binary} << text;
    BOOST_TEST(contents(drawing()) == text, "docs/state-machine.dot is stale: run this test with TENON_REWRITE_DIAGRAM=1, "
                                            "then dot -Tsvg docs/state-machine.dot -o docs/state-machine.svg");
}

// The picture cannot be made here (Graphviz is no dependency), but every state and every label of the drawing must be in it.
BOOST_AUTO_TEST_CASE(the_picture_in_the_docs_shows_every_edge) {
    auto svg = drawing();
    svg.replace_extension(".svg");
    auto text = contents(svg);
    for (auto at = text.find("&#45;"); at != std::string::npos; at = text.find("&#45;", at)) text.replace(at, 5, "-");
    BOOST_TEST(count(text, "class=\"node\"") == tenon::state_count + 1);  // CLOSED twice
    BOOST_TEST(count(text, "class=\"edge\"") == count(contents(drawing()), " -> "));
    for (auto const& r : tenon::rfc9293_rows) {
        std::string title = tenon::name_of(r.from);
        if (tenon::detail::told_in_the_note(r)) continue;
        for (auto const& piece : {title, std::string{tenon::name_of(r.to)}})
            BOOST_TEST(text.find(">" + piece + "<") != std::string::npos, piece << " is not in the picture");
        BOOST_TEST(text.find(tenon::detail::edge_label(r)) != std::string::npos, tenon::detail::edge_label(r) << " is not in the picture");
    }
}

BOOST_AUTO_TEST_CASE(every_row_is_drawn_or_told) {
    auto const text = tenon::diagram(tenon::rfc9293_rows);
    for (auto const& r : tenon::rfc9293_rows) {
        auto const fewer = [&] {
            std::vector<tenon::row> rest;
            for (auto const& other : tenon::rfc9293_rows)
                if (!(other == r)) rest.push_back(other);
            return tenon::diagram(rest);
        }();
        BOOST_TEST(fewer != text, tenon::name_of(r.from) << ", " << tenon::name_of(r.on) << " makes no difference");
    }
}

BOOST_AUTO_TEST_SUITE_END()
