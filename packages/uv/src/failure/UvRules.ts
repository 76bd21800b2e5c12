/** What the errors of uv say, and which errors they are. Pure. */
import * as Make from "./UvErrors.js"

const python = [
  /^No interpreter found for (?:Python |executable name )?(.+?)(?: in .*|$)/m,
  /^No interpreter found (?:at path|in directory) (.+)$/m,
  /^No interpreter found in |^No virtual environment or system Python installation found/,
  /^Invalid version request: (.+)$/m,
  /^The (?:requested interpreter|resolved Python interpreter|Python request from .+?) .*incompatible with the project's Python requirement: (\S+)/,
  /^No download (?:is )?(?:available|found) for (?:request: )?(.+)$/m
]

const network = [
  /error sending request for url|client error \(Connect\)|tcp connect error|tunnel error/,
  /dns error|error resolving DNS|failed to lookup address|network is unreachable|no route to host/i,
  /operation timed out|connection (?:refused|reset|closed|aborted|timed out)/i,
  /request or response body error|end of file before message length|error reading a body from connection/,
  /invalid peer certificate|certificate verify failed/,
  /HTTP status (?:server error \(5|client error \((?:408|425|429))/,
  /could not be fetched from the network/
]

const storage = [
  /(?:Permission denied|Operation not permitted|Read-only file system) \(os error \d+\)/,
  /(?:No space left on device|Dis[ck] quota exceeded|Input\/output error) \(os error \d+\)/,
  /(?:Not a directory|Is a directory|File exists|Directory not empty|Text file busy) \(os error \d+\)/,
  /(?:File name too long|Too many open files|Too many levels of symbolic links|Invalid cross-device link).* \(os error \d+\)/,
  /^Distribution not found at: (?:file:\/\/)?(.+)$/m
]

/**
 * What the causes, outermost first, and the hints after them tell, without backticks. The first rule that makes an error of
 * them holds: a server that fails is why a build or a solve does, and not the other way round.
 */
export const rules: ReadonlyArray<readonly [pattern: RegExp, make: Make.Make]> = [
  [
    /^(?:Project is already initialized in|Cannot initialize a project in .+ because pyproject\.toml already exists)/,
    Make.environmentExists
  ],
  [/^No pyproject\.toml found in |^Project directory .+ does not exist/, Make.environmentNotFound],
  [/^No project table found in|^Project is missing a \[project\] table/, Make.environmentNotFound],
  [/^The (?:target|current) directory \((.+)\) is not a valid package name/, Make.invalidOption("name")],
  [/^The directory name \((.+?)\) (?:cannot be used|is not a valid)/, Make.invalidOption("name")],
  [/^invalid value '(.*?)' for '(--[\w-]+|<?PACKAGES)/, Make.invalidArgument],
  [/^invalid value '(.*?)' for '<(PACKAGES)/, Make.invalidArgument],
  [/^Required uv version (.+?) does not match the running version ([\w.+-]*\w)/, Make.unsupportedVersion],

  [/^Failed to parse: (?:(\S.*\/pyproject\.toml)|pyproject\.toml)$/m, Make.manifestInvalid],
  [/^The project is marked as unmanaged|^Failed to discover parent workspace/, Make.manifestInvalid],
  [/^Project .+ has malformed dependency groups|^Default group .+ is not defined in/, Make.manifestInvalid],
  [/^Workspace member .+ is missing a pyproject\.toml|^Nested workspaces are not supported/, Make.manifestInvalid],
  [/^failed to read from file (.*pyproject\.toml): stream did not contain valid UTF-8/, Make.manifestInvalid],
  [/^Failed to (?:download and )?build .+\n(Failed to parse entry: .+)$/m, Make.ownManifestInvalid],

  [/^The lockfile at .+ needs to be updated|^Unable to find lockfile at/, Make.lockOutdated],
  [/^Failed to parse uv\.lock|^The lockfile at .+ uses an unsupported schema version/, Make.lockInvalid],
  [/^failed to read from file .*uv\.lock: stream did not contain valid UTF-8/, Make.lockInvalid],

  [/^The dependency (\S+) could not be found in /, Make.dependencyNotFound],
  [/^Extras? (\S+?)(?:, .*)? (?:is|are) not defined in /, Make.invalidOption("extras")],
  [/^Groups? (\S+?)(?:, .*)? (?:is|are) not defined in /, Make.invalidOption("groups")],
  [/^(?:Extras?|Groups?) .+ are incompatible with the declared conflicts/, Make.unsolvable],
  ...python.map((pattern) => [pattern, Make.pythonNotFound] as const),

  [/^Timeout \(\d+s\) when waiting for lock on/m, Make.environmentBusy],
  [/Packages were unavailable because the network was disabled|network connectivity is disabled/i, Make.offline],
  [/\bneeds? to be downloaded from a registry|was not found in the cache/, Make.offline],
  [/lack of valid authentication credentials|\b(?:401 Unauthorized|403 Forbidden|407 Proxy Auth)/, Make.unauthorized],
  [/Missing credentials for|Incomplete credentials/, Make.unauthorized],
  ...network.map((pattern) => [pattern, Make.networkUnavailable] as const),

  [/^Directory not found for index: (.+)$/m, Make.channelUnavailable],
  [/^Failed to read --find-links (?:directory|URL): (.+)$/m, Make.channelUnavailable],
  [/^Unsupported Content-Type .+? for (\S+?)\/[^/\s]+\/?\. Expected/m, Make.channelUnavailable],
  [/^Project virtual environment directory (.+?) cannot be used because/, Make.prefixDamaged],
  ...storage.map((pattern) => [pattern, Make.storageFailed] as const),

  [/^Hash mismatch for (\S+)/m, Make.downloadFailed],
  [/^Failed to fetch: (\S+)\nHTTP status client error/m, Make.notThere],
  [/^(?:Failed to extract archive|Failed to unzip): (.+)$/m, Make.downloadFailed],
  [/^Failed to (?:download and )?build .+\nGit operation failed/m, Make.downloadFailed],
  [/^Failed to (?:download and )?build (?:([A-Za-z0-9][\w.-]*)(?===| @|$))?/m, Make.buildFailed],
  [/^Building source distributions (?:for (\S+) )?is disabled/m, Make.buildFailed],
  [/^Failed to download (\S+)/, Make.downloadFailed],
  [/^Failed to read from zip file|^Invalid zip file/m, Make.downloadFailed],

  [/^No solution found when resolving/m, Make.unsolvable],
  [/doesn't have a source distribution or wheel for the current platform/, Make.platformUnsupported],

  [/^Requirement name (\S+) matches project name/, Make.invalidSpec],
  [/^Cannot perform ambiguous update; found multiple entries for (\S+?):/, Make.invalidSpec],
  [/^Requested package name (\S+) does not match/, Make.invalidSpec],
  [/^Failed to parse: (.*)$/m, Make.invalidSpec],

  [/^Virtual environment redirect file at .+ is empty|environment is externally managed/, Make.storageFailed],
  [/^(?!Failed to spawn)[^]*No such file or directory \(os error 2\)/, Make.storageFailed]
]
