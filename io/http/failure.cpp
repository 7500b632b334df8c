#include "io/http/failure.hpp"

#include <algorithm>
#include <string>

namespace feedwatch::http {
namespace {

bool is_tls(CURLcode code) {
    switch (code) {
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_ENGINE_NOTFOUND:
        case CURLE_SSL_ENGINE_SETFAILED:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_ENGINE_INITFAILED:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CRL_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        case CURLE_SSL_INVALIDCERTSTATUS:
        case CURLE_SSL_CLIENTCERT:
            return true;
        default:
            return false;
    }
}

// RFC 9113, section 7, as libcurl names them: the server ended the stream for reasons of its own.
bool gave_up_stream(std::string_view said) {
    constexpr std::string_view reasons[] = {"INTERNAL_ERROR", "CANCEL", "REFUSED_STREAM", "ENHANCE_YOUR_CALM"};
    return std::any_of(std::begin(reasons), std::end(reasons),
                       [&](std::string_view reason) { return said.find(reason) != std::string_view::npos; });
}

// In TLS 1.3 a server tells only after the handshake that it wants a client certificate, or another one.
bool is_alert(std::string_view said) {
    return said.find("SSL") != std::string_view::npos && said.find(" alert ") != std::string_view::npos;
}

std::string_view advice(std::string_view said) {
    const bool unknown = said.find("self-signed") != std::string_view::npos ||
                         said.find("local issuer certificate") != std::string_view::npos;
    return unknown ? "; network.ca_file names more authorities to trust" : "";
}

}  // namespace

error failure_of(CURLcode code, std::string_view said, bool looked_up) {
    std::string detail = said.empty() ? curl_easy_strerror(code) : std::string(said);
    if (is_tls(code)) return {errc::tls, detail.append(advice(said))};
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
            return {errc::dns, detail};
        case CURLE_COULDNT_CONNECT:
        case CURLE_INTERFACE_FAILED:
            return {errc::connect, detail};
        case CURLE_OPERATION_TIMEDOUT:
            return {looked_up ? errc::timeout : errc::dns, detail};
        case CURLE_HTTP2_STREAM:  // the rest of the ways to end a stream says that one side's frames are wrong
            return {gave_up_stream(said) ? errc::reset : errc::protocol, detail};
        case CURLE_SEND_ERROR:
        case CURLE_GOT_NOTHING:
            return {errc::reset, detail};
        case CURLE_OUT_OF_MEMORY:  // its word for a header line over its own limit
            return {errc::too_large, "a header line is over the limit"};
        case CURLE_PROXY:
            return {errc::proxy, detail};
        case CURLE_RECV_ERROR:  // broken chunks, refused certificates and tunnels come with the same code
            if (said.find("CONNECT") != std::string_view::npos) return {errc::proxy, detail};
            if (is_alert(said)) return {errc::tls, detail};
            return {said.find("hunk") != std::string_view::npos ? errc::protocol : errc::reset, detail};
        case CURLE_URL_MALFORMAT:
            return {errc::url, detail};
        default:
            return {errc::protocol, detail};
    }
}

}  // namespace feedwatch::http
