
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'imconn' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'imconn'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'imconn' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('bind', 'bind', [CompletionResultType]::ParameterValue, 'Subscribe a handler to events; what is bound already stays as it is')
            [CompletionResult]::new('unbind', 'unbind', [CompletionResultType]::ParameterValue, 'Remove exactly the bindings that match; look, choose, show, then remove')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show what is bound now')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'Show what is bound now')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'Show the events that can be bound')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare a portal with a manifest; nothing is changed')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Make a portal match a manifest')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write what is bound as a manifest')
            [CompletionResult]::new('undo', 'undo', [CompletionResultType]::ParameterValue, 'Take back the last change that imconn has made on a portal')
            [CompletionResult]::new('manifest', 'manifest', [CompletionResultType]::ParameterValue, 'About imconn.toml, the file that says what shall be bound')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Get tokens for a portal, prove them, and keep them in a profile')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget a portal''s tokens and keys')
            [CompletionResult]::new('portals', 'portals', [CompletionResultType]::ParameterValue, 'Show the portals that are known by a name, and choose the default one')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show the portal, the application, and whose token it is')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Find out why no event arrives')
            [CompletionResult]::new('call', 'call', [CompletionResultType]::ParameterValue, 'Call any REST method and print its result')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'The embedded portal: a Bitrix24 stand-in on this machine, to try everything without an account')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page of imconn or of one command')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'imconn;bind' {
            [CompletionResult]::new('--handler', '--handler', [CompletionResultType]::ParameterName, 'The URL that the portal calls')
            [CompletionResult]::new('--auth-user', '--auth-user', [CompletionResultType]::ParameterName, 'Run the handler with this user''s rights; 0 is whoever fires the event')
            [CompletionResult]::new('--auth-connector', '--auth-connector', [CompletionResultType]::ParameterName, 'Source key of an offline queue')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'The seven connector events')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'The seven connector events')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Queue the events on the portal instead of sending them (administrator only)')
            [CompletionResult]::new('--replace', '--replace', [CompletionResultType]::ParameterName, 'Remove the other handlers of these events, after the new one is bound')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;unbind' {
            [CompletionResult]::new('--handler', '--handler', [CompletionResultType]::ParameterName, 'Only this handler, compared to the letter')
            [CompletionResult]::new('--auth-user', '--auth-user', [CompletionResultType]::ParameterName, 'Only handlers bound for this user; 0 is whoever fires the event')
            [CompletionResult]::new('--auth-connector', '--auth-connector', [CompletionResultType]::ParameterName, 'Only this source key of an offline queue')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'The seven connector events')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'The seven connector events')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Offline bindings instead of online ones (administrator only)')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show what would be removed, and remove nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be removed, and remove nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;list' {
            [CompletionResult]::new('--handler', '--handler', [CompletionResultType]::ParameterName, 'Only handlers with this text inside')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'Only bindings of this type')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'The seven connector events')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'The seven connector events')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;ls' {
            [CompletionResult]::new('--handler', '--handler', [CompletionResultType]::ParameterName, 'Only handlers with this text inside')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'Only bindings of this type')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'The seven connector events')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'The seven connector events')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;events' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('--available', '--available', [CompletionResultType]::ParameterName, 'Ask the portal which events the application may bind')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;diff' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The manifest; - reads it from stdin [default: imconn.toml]')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'The manifest; - reads it from stdin [default: imconn.toml]')
            [CompletionResult]::new('--save-plan', '--save-plan', [CompletionResultType]::ParameterName, 'Write the difference to this file, for apply --plan')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('--own', '--own', [CompletionResultType]::ParameterName, 'Compare only what runs as the token''s user')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;apply' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The manifest; - reads it from stdin [default: imconn.toml]')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'The manifest; - reads it from stdin [default: imconn.toml]')
            [CompletionResult]::new('--plan', '--plan', [CompletionResultType]::ParameterName, 'Do exactly what diff --save-plan has written, if the portal is still as it was then')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('--own', '--own', [CompletionResultType]::ParameterName, 'Make only what runs as the token''s user match')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing')
            [CompletionResult]::new('--no-remove', '--no-remove', [CompletionResultType]::ParameterName, 'Remove nothing')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Remove even more than half of the portal''s bindings')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;export' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;undo' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Show what can be taken back')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;manifest' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON schema of imconn.toml')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'imconn;manifest;schema' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;manifest;help' {
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON schema of imconn.toml')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'imconn;manifest;help;schema' {
            break
        }
        'imconn;manifest;help;help' {
            break
        }
        'imconn;login' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Name of the profile [default: the first part of the host''s name]')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The application''s id')
            [CompletionResult]::new('--code', '--code', [CompletionResultType]::ParameterName, 'Exchange an authorisation code that you have; - reads it from stdin')
            [CompletionResult]::new('--tokens', '--tokens', [CompletionResultType]::ParameterName, 'Read tokens from a file; - reads stdin')
            [CompletionResult]::new('--callback', '--callback', [CompletionResultType]::ParameterName, 'Take the code at this loopback address, to which the application''s return address points')
            [CompletionResult]::new('--install-callback', '--install-callback', [CompletionResultType]::ParameterName, 'Wait here for the portal''s POST to the application''s installation address')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('--client-secret-stdin', '--client-secret-stdin', [CompletionResultType]::ParameterName, 'Read the application''s secret from the first line of stdin')
            [CompletionResult]::new('--no-browser', '--no-browser', [CompletionResultType]::ParameterName, 'Print the address, and open no browser')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;logout' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every portal')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;portals' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('use', 'use', [CompletionResultType]::ParameterValue, 'Make a portal the one that is meant when none is named')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Give a portal another name')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Forget a portal: its tokens, and what config.toml says of it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'imconn;portals;use' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;portals;rename' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;portals;remove' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;portals;help' {
            [CompletionResult]::new('use', 'use', [CompletionResultType]::ParameterValue, 'Make a portal the one that is meant when none is named')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Give a portal another name')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Forget a portal: its tokens, and what config.toml says of it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'imconn;portals;help;use' {
            break
        }
        'imconn;portals;help;rename' {
            break
        }
        'imconn;portals;help;remove' {
            break
        }
        'imconn;portals;help;help' {
            break
        }
        'imconn;status' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;doctor' {
            [CompletionResult]::new('--handler', '--handler', [CompletionResultType]::ParameterName, 'Look at this handler as well')
            [CompletionResult]::new('--firewall', '--firewall', [CompletionResultType]::ParameterName, 'Print the senders'' addresses as rules for a firewall; no portal is asked')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;call' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Parameters as a JSON object; - reads them from stdin')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;sandbox' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Keep the portal up for other programs until Ctrl-C')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Remove all bindings and queued events; tokens and keys stay good')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'imconn;sandbox;serve' {
            [CompletionResult]::new('--addr', '--addr', [CompletionResultType]::ParameterName, 'Where to listen; port 0 lets the system choose')
            [CompletionResult]::new('--control', '--control', [CompletionResultType]::ParameterName, 'Where the control address listens')
            [CompletionResult]::new('--tls-cert', '--tls-cert', [CompletionResultType]::ParameterName, 'Serve https with this certificate chain (PEM)')
            [CompletionResult]::new('--tls-key', '--tls-key', [CompletionResultType]::ParameterName, 'The certificate''s private key (PEM)')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('--limits', '--limits', [CompletionResultType]::ParameterName, 'Refuse requests as a portal does: 50 at once, then 2 a second')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;sandbox;reset' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;sandbox;help' {
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Keep the portal up for other programs until Ctrl-C')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Remove all bindings and queued events; tokens and keys stay good')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'imconn;sandbox;help;serve' {
            break
        }
        'imconn;sandbox;help;reset' {
            break
        }
        'imconn;sandbox;help;help' {
            break
        }
        'imconn;completions' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;man' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write all pages into this folder')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('--portal', '--portal', [CompletionResultType]::ParameterName, 'Portal: a profile''s name, a host, or a URL; `sandbox` is built in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result [default: table] [env: IMCONN_OUTPUT]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for one request, in seconds')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'PEM file with certificate authorities to trust beside the system''s')
            [CompletionResult]::new('--print-tokens-to', '--print-tokens-to', [CompletionResultType]::ParameterName, 'Write tokens that were renewed during this run to this file as well (JSON, mode 0600)')
            [CompletionResult]::new('--config-dir', '--config-dir', [CompletionResultType]::ParameterName, 'Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell about each request; twice for more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail and name the option that answers')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'imconn;help' {
            [CompletionResult]::new('bind', 'bind', [CompletionResultType]::ParameterValue, 'Subscribe a handler to events; what is bound already stays as it is')
            [CompletionResult]::new('unbind', 'unbind', [CompletionResultType]::ParameterValue, 'Remove exactly the bindings that match; look, choose, show, then remove')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show what is bound now')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'Show the events that can be bound')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare a portal with a manifest; nothing is changed')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Make a portal match a manifest')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write what is bound as a manifest')
            [CompletionResult]::new('undo', 'undo', [CompletionResultType]::ParameterValue, 'Take back the last change that imconn has made on a portal')
            [CompletionResult]::new('manifest', 'manifest', [CompletionResultType]::ParameterValue, 'About imconn.toml, the file that says what shall be bound')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Get tokens for a portal, prove them, and keep them in a profile')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget a portal''s tokens and keys')
            [CompletionResult]::new('portals', 'portals', [CompletionResultType]::ParameterValue, 'Show the portals that are known by a name, and choose the default one')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show the portal, the application, and whose token it is')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Find out why no event arrives')
            [CompletionResult]::new('call', 'call', [CompletionResultType]::ParameterValue, 'Call any REST method and print its result')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'The embedded portal: a Bitrix24 stand-in on this machine, to try everything without an account')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page of imconn or of one command')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'imconn;help;bind' {
            break
        }
        'imconn;help;unbind' {
            break
        }
        'imconn;help;list' {
            break
        }
        'imconn;help;events' {
            break
        }
        'imconn;help;diff' {
            break
        }
        'imconn;help;apply' {
            break
        }
        'imconn;help;export' {
            break
        }
        'imconn;help;undo' {
            break
        }
        'imconn;help;manifest' {
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON schema of imconn.toml')
            break
        }
        'imconn;help;manifest;schema' {
            break
        }
        'imconn;help;login' {
            break
        }
        'imconn;help;logout' {
            break
        }
        'imconn;help;portals' {
            [CompletionResult]::new('use', 'use', [CompletionResultType]::ParameterValue, 'Make a portal the one that is meant when none is named')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Give a portal another name')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Forget a portal: its tokens, and what config.toml says of it')
            break
        }
        'imconn;help;portals;use' {
            break
        }
        'imconn;help;portals;rename' {
            break
        }
        'imconn;help;portals;remove' {
            break
        }
        'imconn;help;status' {
            break
        }
        'imconn;help;doctor' {
            break
        }
        'imconn;help;call' {
            break
        }
        'imconn;help;sandbox' {
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Keep the portal up for other programs until Ctrl-C')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Remove all bindings and queued events; tokens and keys stay good')
            break
        }
        'imconn;help;sandbox;serve' {
            break
        }
        'imconn;help;sandbox;reset' {
            break
        }
        'imconn;help;completions' {
            break
        }
        'imconn;help;man' {
            break
        }
        'imconn;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
