# bash completion for leash

_leash()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
    local options="" i arguments=0

    # bash takes --option=value apart at the "=".
    if [[ $word == "=" ]]; then
        word=""
    elif [[ $before == "=" ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    COMPREPLY=()
    compopt -o filenames 2>/dev/null
    if ((COMP_CWORD == 1)); then
        compopt +o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -W "audit report explain diff scrub facts policy verify --help --version" -- "$word")
        return
    fi
    case $command in
    audit)   options="--output --html --json --policy --force --label --lang --map --operator --sign --local --dji-keychain --rid-key --own-drone --bystanders --sample-rate --geoip --app-data --yara --system-data
                      --secret --flight --phase --fail-on --no-hash --readers --help" ;;
    report)  options="--format --redact --table --lang --map --output --help" ;;
    diff)    options="--format --output --help" ;;
    facts)   options="--no-hash --local --dji-keychain --rid-key --sample-rate --app-data --yara --readers --help" ;;
    scrub)   options="--output --keep --drop --strip-unknown --shift --help" ;;
    verify)  options="--key --sign --help" ;;
    explain | policy) options="--help" ;;
    *)       return ;;
    esac

    case $before in
    --fail-on)
        mapfile -t COMPREPLY < <(compgen -W "info low medium high critical" -- "$word")
        return ;;
    --format)
        local forms="text html json csv geojson kml gpx cyclonedx stix hosts nft rpz ecs pdf"
        [[ $command == diff ]] && forms="text json html"
        mapfile -t COMPREPLY < <(compgen -W "$forms" -- "$word")
        return ;;
    --lang)
        mapfile -t COMPREPLY < <(compgen -W "en es" -- "$word")
        return ;;
    --keep | --drop)
        mapfile -t COMPREPLY < <(compgen -W "position operator serial name preview note time thumbnail" -- "$word")
        return ;;
    --label | --operator | --local | --own-drone | --sample-rate | --secret | --phase | --readers | --table)
        return ;;
    -o | --output | --html | --json | --policy | --dji-keychain | --rid-key | --geoip | --flight | --map | --app-data | --yara | --system-data | --sign | --key)
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return ;;
    esac
    if [[ $word == -* ]]; then
        compopt +o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
        return
    fi
    for ((i = 2; i < COMP_CWORD; i++)); do
        [[ ${COMP_WORDS[i]} == -* ]] || ((arguments++))
    done
    case $command in
    policy)
        if ((arguments == 0)); then
            mapfile -t COMPREPLY < <(compgen -W "init check learn" -- "$word")
            return
        fi ;;
    diff)
        mapfile -t COMPREPLY < <(compgen -f -X '!*.gpkg' -- "$word"; compgen -d -- "$word")
        return ;;
    report | explain | verify)
        # The case comes first.
        if ((arguments == 0)); then
            mapfile -t COMPREPLY < <(compgen -f -X '!*.gpkg' -- "$word"; compgen -d -- "$word")
            return
        fi
        [[ $command == explain ]] && return ;;
    esac
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
}

complete -F _leash leash
