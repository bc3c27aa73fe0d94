
use builtin;
use str;

set edit:completion:arg-completer[imconn] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'imconn'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'imconn'= {
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand bind 'Subscribe a handler to events; what is bound already stays as it is'
            cand unbind 'Remove exactly the bindings that match; look, choose, show, then remove'
            cand list 'Show what is bound now'
            cand ls 'Show what is bound now'
            cand events 'Show the events that can be bound'
            cand login 'Get tokens for a portal, prove them, and keep them in a profile'
            cand logout 'Forget a portal''s tokens and keys'
            cand portals 'Show the portals that are known by a name, and choose the default one'
            cand status 'Show the portal, the application, and whose token it is'
            cand doctor 'Find out why no event arrives'
            cand call 'Call any REST method and print its result'
            cand sandbox 'The embedded portal: a Bitrix24 stand-in on this machine, to try everything without an account'
            cand completions 'Print a completion script for a shell'
            cand man 'Print the manual page of imconn or of one command'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'imconn;bind'= {
            cand --handler 'The URL that the portal calls'
            cand --auth-user 'Run the handler with this user''s rights; 0 is whoever fires the event'
            cand --auth-connector 'Source key of an offline queue'
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand -a 'The seven connector events'
            cand --all 'The seven connector events'
            cand --offline 'Queue the events on the portal instead of sending them (administrator only)'
            cand --replace 'Remove the other handlers of these events, after the new one is bound'
            cand -n 'Show what would be done, and do nothing'
            cand --dry-run 'Show what would be done, and do nothing'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'imconn;unbind'= {
            cand --handler 'Only this handler, compared to the letter'
            cand --auth-user 'Only handlers bound for this user; 0 is whoever fires the event'
            cand --auth-connector 'Only this source key of an offline queue'
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand -a 'The seven connector events'
            cand --all 'The seven connector events'
            cand --offline 'Offline bindings instead of online ones (administrator only)'
            cand -n 'Show what would be removed, and remove nothing'
            cand --dry-run 'Show what would be removed, and remove nothing'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'imconn;list'= {
            cand --handler 'Only handlers with this text inside'
            cand --type 'Only bindings of this type'
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand -a 'The seven connector events'
            cand --all 'The seven connector events'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'imconn;ls'= {
            cand --handler 'Only handlers with this text inside'
            cand --type 'Only bindings of this type'
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand -a 'The seven connector events'
            cand --all 'The seven connector events'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'imconn;events'= {
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand --available 'Ask the portal which events the application may bind'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'imconn;login'= {
            cand --name 'Name of the profile [default: the first part of the host''s name]'
            cand --client-id 'The application''s id'
            cand --code 'Exchange an authorisation code that you have; - reads it from stdin'
            cand --tokens 'Read tokens from a file; - reads stdin'
            cand --callback 'Take the code at this loopback address, to which the application''s return address points'
            cand --install-callback 'Wait here for the portal''s POST to the application''s installation address'
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand --client-secret-stdin 'Read the application''s secret from the first line of stdin'
            cand --no-browser 'Print the address, and open no browser'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'imconn;logout'= {
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand --all 'Every portal'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'imconn;portals'= {
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand use 'Make a portal the one that is meant when none is named'
            cand rename 'Give a portal another name'
            cand remove 'Forget a portal: its tokens, and what config.toml says of it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'imconn;portals;use'= {
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'imconn;portals;rename'= {
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'imconn;portals;remove'= {
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'imconn;portals;help'= {
            cand use 'Make a portal the one that is meant when none is named'
            cand rename 'Give a portal another name'
            cand remove 'Forget a portal: its tokens, and what config.toml says of it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'imconn;portals;help;use'= {
        }
        &'imconn;portals;help;rename'= {
        }
        &'imconn;portals;help;remove'= {
        }
        &'imconn;portals;help;help'= {
        }
        &'imconn;status'= {
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'imconn;doctor'= {
            cand --handler 'Look at this handler as well'
            cand --firewall 'Print the senders'' addresses as rules for a firewall; no portal is asked'
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'imconn;call'= {
            cand --json 'Parameters as a JSON object; - reads them from stdin'
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'imconn;sandbox'= {
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand serve 'Keep the portal up for other programs until Ctrl-C'
            cand reset 'Remove all bindings and queued events; tokens and keys stay good'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'imconn;sandbox;serve'= {
            cand --addr 'Where to listen; port 0 lets the system choose'
            cand --control 'Where the control address listens'
            cand --tls-cert 'Serve https with this certificate chain (PEM)'
            cand --tls-key 'The certificate''s private key (PEM)'
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand --limits 'Refuse requests as a portal does: 50 at once, then 2 a second'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'imconn;sandbox;reset'= {
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'imconn;sandbox;help'= {
            cand serve 'Keep the portal up for other programs until Ctrl-C'
            cand reset 'Remove all bindings and queued events; tokens and keys stay good'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'imconn;sandbox;help;serve'= {
        }
        &'imconn;sandbox;help;reset'= {
        }
        &'imconn;sandbox;help;help'= {
        }
        &'imconn;completions'= {
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'imconn;man'= {
            cand --dir 'Write all pages into this folder'
            cand -p 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand --portal 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in'
            cand -o 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --output 'Format of the result [default: table] [env: IMCONN_OUTPUT]'
            cand --color 'When to use colours'
            cand --timeout 'Longest time for one request, in seconds'
            cand --retries 'How often a request is tried again'
            cand --ca-cert 'PEM file with certificate authorities to trust beside the system''s'
            cand --print-tokens-to 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)'
            cand --config-dir 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]'
            cand -q 'Say nothing but results, warnings and errors'
            cand --quiet 'Say nothing but results, warnings and errors'
            cand -v 'Tell about each request; twice for more'
            cand --verbose 'Tell about each request; twice for more'
            cand --no-input 'Never ask; fail and name the option that answers'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'imconn;help'= {
            cand bind 'Subscribe a handler to events; what is bound already stays as it is'
            cand unbind 'Remove exactly the bindings that match; look, choose, show, then remove'
            cand list 'Show what is bound now'
            cand events 'Show the events that can be bound'
            cand login 'Get tokens for a portal, prove them, and keep them in a profile'
            cand logout 'Forget a portal''s tokens and keys'
            cand portals 'Show the portals that are known by a name, and choose the default one'
            cand status 'Show the portal, the application, and whose token it is'
            cand doctor 'Find out why no event arrives'
            cand call 'Call any REST method and print its result'
            cand sandbox 'The embedded portal: a Bitrix24 stand-in on this machine, to try everything without an account'
            cand completions 'Print a completion script for a shell'
            cand man 'Print the manual page of imconn or of one command'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'imconn;help;bind'= {
        }
        &'imconn;help;unbind'= {
        }
        &'imconn;help;list'= {
        }
        &'imconn;help;events'= {
        }
        &'imconn;help;login'= {
        }
        &'imconn;help;logout'= {
        }
        &'imconn;help;portals'= {
            cand use 'Make a portal the one that is meant when none is named'
            cand rename 'Give a portal another name'
            cand remove 'Forget a portal: its tokens, and what config.toml says of it'
        }
        &'imconn;help;portals;use'= {
        }
        &'imconn;help;portals;rename'= {
        }
        &'imconn;help;portals;remove'= {
        }
        &'imconn;help;status'= {
        }
        &'imconn;help;doctor'= {
        }
        &'imconn;help;call'= {
        }
        &'imconn;help;sandbox'= {
            cand serve 'Keep the portal up for other programs until Ctrl-C'
            cand reset 'Remove all bindings and queued events; tokens and keys stay good'
        }
        &'imconn;help;sandbox;serve'= {
        }
        &'imconn;help;sandbox;reset'= {
        }
        &'imconn;help;completions'= {
        }
        &'imconn;help;man'= {
        }
        &'imconn;help;help'= {
        }
    ]
    $completions[$command]
}
