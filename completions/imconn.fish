# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_imconn_global_optspecs
    string join \n p/portal= o/output= q/quiet v/verbose color= no-input timeout= retries= ca-cert= print-tokens-to= config-dir= h/help V/version
end

function __fish_imconn_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_imconn_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_imconn_using_subcommand
    set -l cmd (__fish_imconn_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c imconn -n "__fish_imconn_needs_command" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_needs_command" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_needs_command" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_needs_command" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_needs_command" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_needs_command" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_needs_command" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_needs_command" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_needs_command" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_needs_command" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_needs_command" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_needs_command" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "bind" -d 'Subscribe a handler to events (idempotent)'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "unbind" -d 'Remove matching bindings'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "list" -d 'Show the current bindings'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "ls" -d 'Show the current bindings'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "events" -d 'Show the events that can be bound'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "diff" -d 'Compare a portal with a manifest'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "apply" -d 'Make a portal match a manifest'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "export" -d 'Write the current bindings as a manifest'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "undo" -d 'Undo the last change imconn made on a portal'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "manifest" -d 'Work with the imconn.toml manifest'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "login" -d 'Log in to a portal and save the tokens as a profile'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "logout" -d 'Log out: delete a portal\'s stored tokens'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "portals" -d 'List and manage portal profiles'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "status" -d 'Show the portal, the application, and the token\'s user'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "doctor" -d 'Find out why no event arrives'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "call" -d 'Call any REST method and print its result'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "sandbox" -d 'Try everything without an account, on an embedded portal'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "man" -d 'Show the manual page of imconn, of a command or of a topic'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "version" -d 'Print the version'
complete -c imconn -n "__fish_imconn_needs_command" -f -a "help" -d 'Show the help of a command or a topic'
complete -c imconn -n "__fish_imconn_using_subcommand bind" -l handler -d 'The URL that the portal calls' -r
complete -c imconn -n "__fish_imconn_using_subcommand bind" -l auth-user -d 'Run the handler with this user\'s rights; 0 is the event\'s user' -r
complete -c imconn -n "__fish_imconn_using_subcommand bind" -l auth-connector -d 'Source key of an offline queue' -r
complete -c imconn -n "__fish_imconn_using_subcommand bind" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand bind" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand bind" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand bind" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand bind" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand bind" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand bind" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand bind" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand bind" -s a -l all -d 'All seven connector events'
complete -c imconn -n "__fish_imconn_using_subcommand bind" -l offline -d 'Queue events on the portal instead (administrators only)'
complete -c imconn -n "__fish_imconn_using_subcommand bind" -l replace -d 'Remove other handlers of these events once the new one is bound'
complete -c imconn -n "__fish_imconn_using_subcommand bind" -s n -l dry-run -d 'Show what would change, and change nothing'
complete -c imconn -n "__fish_imconn_using_subcommand bind" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand bind" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand bind" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand bind" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand bind" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -l handler -d 'Only this handler, compared byte for byte' -r
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -l auth-user -d 'Only handlers bound for this user; 0 is the event\'s user' -r
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -l auth-connector -d 'Only this source key of an offline queue' -r
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -s a -l all -d 'All seven connector events'
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -l offline -d 'Offline instead of online bindings (administrators only)'
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -s n -l dry-run -d 'Show what would be removed, and remove nothing'
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -s y -l yes -d 'Do not ask for confirmation'
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand unbind" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand list" -l handler -d 'Only handlers that contain this text' -r
complete -c imconn -n "__fish_imconn_using_subcommand list" -l type -d 'Only bindings of this type' -r -f -a "online\t''
offline\t''"
complete -c imconn -n "__fish_imconn_using_subcommand list" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand list" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand list" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand list" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand list" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand list" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand list" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand list" -s a -l all -d 'All seven connector events'
complete -c imconn -n "__fish_imconn_using_subcommand list" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand list" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand list" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand list" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand ls" -l handler -d 'Only handlers that contain this text' -r
complete -c imconn -n "__fish_imconn_using_subcommand ls" -l type -d 'Only bindings of this type' -r -f -a "online\t''
offline\t''"
complete -c imconn -n "__fish_imconn_using_subcommand ls" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand ls" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand ls" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand ls" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand ls" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand ls" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand ls" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand ls" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand ls" -s a -l all -d 'All seven connector events'
complete -c imconn -n "__fish_imconn_using_subcommand ls" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand ls" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand ls" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand ls" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand ls" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand events" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand events" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand events" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand events" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand events" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand events" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand events" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand events" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand events" -l available -d 'Ask the portal which events the application can bind'
complete -c imconn -n "__fish_imconn_using_subcommand events" -l full -d 'List all documented events, not only those of connectors and applications'
complete -c imconn -n "__fish_imconn_using_subcommand events" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand events" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand events" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand events" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand events" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand diff" -s f -l file -d 'The manifest; - reads stdin [default: imconn.toml]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand diff" -l save-plan -d 'Save the changes to this file, for apply --plan; - writes stdout' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand diff" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand diff" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand diff" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand diff" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand diff" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand diff" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand diff" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand diff" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand diff" -l own -d 'Compare only bindings of the token\'s user'
complete -c imconn -n "__fish_imconn_using_subcommand diff" -l force -d 'Overwrite the file of --save-plan'
complete -c imconn -n "__fish_imconn_using_subcommand diff" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand diff" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand diff" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand diff" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand apply" -s f -l file -d 'The manifest; - reads stdin [default: imconn.toml]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand apply" -l plan -d 'Apply a saved plan, unless the portal has changed since; - reads stdin' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand apply" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand apply" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand apply" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand apply" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand apply" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand apply" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand apply" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand apply" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand apply" -l own -d 'Only compare and change bindings of the token\'s user'
complete -c imconn -n "__fish_imconn_using_subcommand apply" -s y -l yes -d 'Do not ask for confirmation'
complete -c imconn -n "__fish_imconn_using_subcommand apply" -s n -l dry-run -d 'Show what would change, and change nothing'
complete -c imconn -n "__fish_imconn_using_subcommand apply" -l no-remove -d 'Remove nothing'
complete -c imconn -n "__fish_imconn_using_subcommand apply" -l force -d 'Allow removing most bindings without a successor'
complete -c imconn -n "__fish_imconn_using_subcommand apply" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand apply" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand apply" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand apply" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand export" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand export" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand export" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand export" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand export" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand export" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand export" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand export" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand export" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand export" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand export" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand export" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand undo" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand undo" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand undo" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand undo" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand undo" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand undo" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand undo" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand undo" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand undo" -l list -d 'Show what can be undone'
complete -c imconn -n "__fish_imconn_using_subcommand undo" -s n -l dry-run -d 'Show what would change, and change nothing'
complete -c imconn -n "__fish_imconn_using_subcommand undo" -s y -l yes -d 'Do not ask for confirmation'
complete -c imconn -n "__fish_imconn_using_subcommand undo" -l force -d 'Also remove what may be older, or the last handler of an event'
complete -c imconn -n "__fish_imconn_using_subcommand undo" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand undo" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand undo" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand undo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand undo" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and not __fish_seen_subcommand_from schema" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and not __fish_seen_subcommand_from schema" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and not __fish_seen_subcommand_from schema" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and not __fish_seen_subcommand_from schema" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and not __fish_seen_subcommand_from schema" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and not __fish_seen_subcommand_from schema" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and not __fish_seen_subcommand_from schema" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and not __fish_seen_subcommand_from schema" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and not __fish_seen_subcommand_from schema" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and not __fish_seen_subcommand_from schema" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and not __fish_seen_subcommand_from schema" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and not __fish_seen_subcommand_from schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and not __fish_seen_subcommand_from schema" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and not __fish_seen_subcommand_from schema" -f -a "schema" -d 'Print the JSON schema of imconn.toml'
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and __fish_seen_subcommand_from schema" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and __fish_seen_subcommand_from schema" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and __fish_seen_subcommand_from schema" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and __fish_seen_subcommand_from schema" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and __fish_seen_subcommand_from schema" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and __fish_seen_subcommand_from schema" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and __fish_seen_subcommand_from schema" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and __fish_seen_subcommand_from schema" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and __fish_seen_subcommand_from schema" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and __fish_seen_subcommand_from schema" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and __fish_seen_subcommand_from schema" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand manifest; and __fish_seen_subcommand_from schema" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand login" -l name -d 'Name of the profile [default: the first part of the host]' -r
complete -c imconn -n "__fish_imconn_using_subcommand login" -l client-id -d 'The application\'s client id' -r
complete -c imconn -n "__fish_imconn_using_subcommand login" -l code -d 'Exchange an authorisation code; - reads it from stdin' -r
complete -c imconn -n "__fish_imconn_using_subcommand login" -l tokens -d 'Read tokens from a file; - reads stdin' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand login" -l callback -d 'Receive the code here: the application\'s return address' -r
complete -c imconn -n "__fish_imconn_using_subcommand login" -l install-callback -d 'Wait here for the portal\'s POST to the installation address' -r
complete -c imconn -n "__fish_imconn_using_subcommand login" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand login" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand login" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand login" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand login" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand login" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand login" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand login" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand login" -l client-secret-stdin -d 'Read the client secret from the first line of stdin'
complete -c imconn -n "__fish_imconn_using_subcommand login" -l no-browser -d 'Print the URL instead of opening a browser'
complete -c imconn -n "__fish_imconn_using_subcommand login" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand login" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand login" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand login" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand logout" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand logout" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand logout" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand logout" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand logout" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand logout" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand logout" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand logout" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand logout" -l all -d 'Every portal'
complete -c imconn -n "__fish_imconn_using_subcommand logout" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand logout" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand logout" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand logout" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and not __fish_seen_subcommand_from use rename remove" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand portals; and not __fish_seen_subcommand_from use rename remove" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand portals; and not __fish_seen_subcommand_from use rename remove" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand portals; and not __fish_seen_subcommand_from use rename remove" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand portals; and not __fish_seen_subcommand_from use rename remove" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand portals; and not __fish_seen_subcommand_from use rename remove" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand portals; and not __fish_seen_subcommand_from use rename remove" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand portals; and not __fish_seen_subcommand_from use rename remove" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand portals; and not __fish_seen_subcommand_from use rename remove" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and not __fish_seen_subcommand_from use rename remove" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and not __fish_seen_subcommand_from use rename remove" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and not __fish_seen_subcommand_from use rename remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and not __fish_seen_subcommand_from use rename remove" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and not __fish_seen_subcommand_from use rename remove" -f -a "use" -d 'Make a portal the default'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and not __fish_seen_subcommand_from use rename remove" -f -a "rename" -d 'Rename a profile'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and not __fish_seen_subcommand_from use rename remove" -f -a "remove" -d 'Remove a profile: its tokens, and its settings in config.toml'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from use" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from use" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from use" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from use" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from use" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from use" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from use" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from use" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from use" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from use" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from use" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from rename" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from rename" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from rename" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from rename" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from rename" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from rename" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from rename" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from rename" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from rename" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from rename" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from rename" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from rename" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from rename" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from remove" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from remove" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from remove" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from remove" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from remove" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from remove" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from remove" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from remove" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from remove" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand portals; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand status" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand status" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand status" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand status" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand status" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand status" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand status" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand status" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand status" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand status" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand status" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand status" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand doctor" -l handler -d 'Check this handler as well' -r
complete -c imconn -n "__fish_imconn_using_subcommand doctor" -l firewall -d 'Print the senders\' addresses as firewall rules; no portal is asked' -r -f -a "nginx\t'`allow` and `deny` lines to include in a location'
iptables\t'For `iptables-restore --noflush`; IPv4 only'
json\t'A list for other programs'"
complete -c imconn -n "__fish_imconn_using_subcommand doctor" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand doctor" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand doctor" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand doctor" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand doctor" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand doctor" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand doctor" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand doctor" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand doctor" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand doctor" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand doctor" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand call" -l json -d 'Parameters as a JSON object; - reads stdin' -r
complete -c imconn -n "__fish_imconn_using_subcommand call" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand call" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand call" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand call" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand call" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand call" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand call" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand call" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand call" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand call" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand call" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand call" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand call" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset" -f -a "serve" -d 'Keep the portal up for other programs until Ctrl-C'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and not __fish_seen_subcommand_from serve reset" -f -a "reset" -d 'Remove all bindings and queued events; keep tokens and keys'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l addr -d 'Where to listen; port 0 lets the system choose' -r
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l control -d 'Where the control address listens' -r
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l tls-cert -d 'Serve https with this certificate chain (PEM)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l tls-key -d 'The certificate\'s private key (PEM)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l limits -d 'Limit requests as a portal does: 50 at once, then 2 a second'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand completions" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand completions" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand completions" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand completions" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand completions" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand completions" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand completions" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand completions" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand completions" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand completions" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand completions" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand completions" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand man" -l dir -d 'Write all pages to this folder' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand man" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand man" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand man" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand man" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand man" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand man" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand man" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand man" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand man" -l force -d 'Overwrite pages that exist'
complete -c imconn -n "__fish_imconn_using_subcommand man" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand man" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand man" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand man" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand version" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand version" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand version" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand version" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand version" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand version" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand version" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand version" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand version" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand version" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand version" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand version" -s V -l version -d 'Print version'
complete -c imconn -n "__fish_imconn_using_subcommand help" -s p -l portal -d 'The portal: a profile\'s name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]' -r
complete -c imconn -n "__fish_imconn_using_subcommand help" -s o -l output -d 'Output format [default: table] [env: IMCONN_OUTPUT]' -r -f -a "table\t'For people'
json\t'One document'
jsonl\t'One object per line'
csv\t'With a header line'
plain\t'Tab-separated, without a header'
markdown\t'For comments and wikis'"
complete -c imconn -n "__fish_imconn_using_subcommand help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Also into a pipe'
never\t'Not at all'"
complete -c imconn -n "__fish_imconn_using_subcommand help" -l timeout -d 'Timeout for one request, in seconds' -r
complete -c imconn -n "__fish_imconn_using_subcommand help" -l retries -d 'How often to retry a request' -r
complete -c imconn -n "__fish_imconn_using_subcommand help" -l ca-cert -d 'PEM file of certificate authorities to trust in addition to the system\'s' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand help" -l print-tokens-to -d 'Also write tokens renewed during this run to this file (JSON, mode 0600)' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand help" -l config-dir -d 'The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]' -r -F
complete -c imconn -n "__fish_imconn_using_subcommand help" -s q -l quiet -d 'Print only results, warnings and errors'
complete -c imconn -n "__fish_imconn_using_subcommand help" -s v -l verbose -d 'Log each request to stderr; -vv also logs hosts, sizes and refusals'
complete -c imconn -n "__fish_imconn_using_subcommand help" -l no-input -d 'Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]'
complete -c imconn -n "__fish_imconn_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c imconn -n "__fish_imconn_using_subcommand help" -s V -l version -d 'Print version'
