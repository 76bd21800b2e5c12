/**
 * Maps the text of failed commands of uv to errors. Pure.
 *
 * @module
 * @since 0.1.0
 */
import * as Common from "@darb/package-manager/driver/executable/FailureRules"
import * as UvErrors from "./UvErrors.js"
import type { Report } from "./UvReport.js"

/**
 * The rules match the causes, outermost first, and the hints after them, without backticks. Rules for the network come
 * before rules for builds and the solver: a server that fails makes those fail, not the other way round.
 *
 * @since 0.1.0
 * @category values
 */
export const rules: Common.Rules<Report> = [
  [/^Project is already initialized in/, Common.environmentExists],
  [/^Cannot initialize a project in .+ because pyproject\.toml already exists/, Common.environmentExists],
  [/^No pyproject\.toml found in |^Project directory .+ does not exist/, Common.environmentNotFound],
  [/^No project table found in|^Project is missing a \[project\] table/, Common.environmentNotFound],
  [/^The (?:target|current) directory \((.+)\) is not a valid package name/, UvErrors.invalidOption("name")],
  [/^The directory name \((.+?)\) (?:cannot be used|is not a valid)/, UvErrors.invalidOption("name")],
  [/^invalid value '(.*?)' for '<?(--[\w-]+|PACKAGES)/, UvErrors.invalidArgument],
  [/^Required uv version (.+?) does not match the running version ([\w.+-]*\w)/, Common.unsupportedVersion],

  [/^Failed to parse: (?:(\S.*\/pyproject\.toml)|pyproject\.toml)$/m, UvErrors.manifestInvalid],
  [/^The project is marked as unmanaged|^Failed to discover parent workspace/, UvErrors.manifestInvalid],
  [/^Project .+ has malformed dependency groups|^Default group .+ is not defined in/, UvErrors.manifestInvalid],
  [/^Workspace member .+ is missing a pyproject\.toml|^Nested workspaces are not supported/, UvErrors.manifestInvalid],
  [/^failed to read from file (.*pyproject\.toml): stream did not contain valid UTF-8/, UvErrors.manifestInvalid],
  [/^Failed to (?:download and )?build .+\n(Failed to parse entry: .+)$/m, UvErrors.ownManifestInvalid],

  [/^The lockfile at .+ needs to be updated|^Unable to find lockfile at/, Common.lockOutdated],
  [/^Failed to parse uv\.lock|^The lockfile at .+ uses an unsupported schema version/, UvErrors.lockInvalid],
  [/^failed to read from file .*uv\.lock: stream did not contain valid UTF-8/, UvErrors.lockInvalid],

  [/^The dependency (\S+) could not be found in /, Common.dependencyNotFound],
  [/^Extras? (\S+?)(?:, .*)? (?:is|are) not defined in /, UvErrors.invalidOption("extras")],
  [/^Groups? (\S+?)(?:, .*)? (?:is|are) not defined in /, UvErrors.invalidOption("groups")],
  [/^(?:Extras?|Groups?) .+ are incompatible with the declared conflicts/, UvErrors.unsolvable],

  [/^No interpreter found for (?:Python |executable name )?(.+?)(?: in .*|$)/m, UvErrors.pythonNotFound],
  [/^No interpreter found (?:at path|in directory) (.+)$/m, UvErrors.pythonNotFound],
  [/^No interpreter found in |^No virtual environment or system Python installation found/, UvErrors.pythonNotFound],
  [/^Invalid version request: (.+)$/m, UvErrors.pythonNotFound],
  [
    /^The (?:requested|resolved|Python) .*incompatible with the project's Python requirement: (\S+)/,
    UvErrors.pythonNotFound
  ],
  [/^No download (?:is )?(?:available|found) for (?:request: )?(.+)$/m, UvErrors.pythonNotFound],

  [/^Timeout \(\d+s\) when waiting for lock on/m, UvErrors.environmentBusy],
  [/Packages were unavailable because the network was disabled/i, UvErrors.offline],
  [/network connectivity is disabled/i, UvErrors.offline],
  [/\bneeds? to be downloaded from a registry|was not found in the cache/, UvErrors.offline],
  [/lack of valid authentication credentials|Missing credentials for|Incomplete credentials/, UvErrors.unauthorized],
  [/\b(?:401 Unauthorized|403 Forbidden|407 Proxy Auth)/, UvErrors.unauthorized],
  ...Common.networkRules,
  [/could not be fetched from the network/, Common.networkUnavailable],

  [/^Directory not found for index: (.+)$/m, Common.channelUnavailable],
  [/^Failed to read --find-links (?:directory|URL): (.+)$/m, Common.channelUnavailable],
  [/^Unsupported Content-Type .+? for (\S+?)\/[^/\s]+\/?\. Expected/m, Common.channelUnavailable],
  [/^Project virtual environment directory (.+?) cannot be used because/, UvErrors.prefixDamaged],
  ...Common.storageRules,
  [/^Distribution not found at: (?:file:\/\/)?(.+)$/m, Common.storageFailed],

  [/^Hash mismatch for (\S+)/m, Common.downloadFailed],
  [/^Failed to fetch: (\S+)\nHTTP status client error/m, UvErrors.urlNotFound],
  [/^(?:Failed to extract archive|Failed to unzip): (.+)$/m, Common.downloadFailed],
  [/^Failed to (?:download and )?build .+\nGit operation failed/m, Common.downloadFailed],
  [/^Failed to (?:download and )?build (?:([A-Za-z0-9][\w.-]*)(?===| @|$))?/m, UvErrors.buildFailed],
  [/^Building source distributions (?:for (\S+) )?is disabled/m, UvErrors.buildFailed],
  [/^Failed to download (\S+)/, Common.downloadFailed],
  [/^Failed to read from zip file|^Invalid zip file/m, Common.downloadFailed],

  [/^No solution found when resolving/m, UvErrors.unsolvable],
  [/doesn't have a source distribution or wheel for the current platform/, UvErrors.platformUnsupported],

  [/^Requirement name (\S+) matches project name/, UvErrors.invalidSpec],
  [/^Cannot perform ambiguous update; found multiple entries for (\S+?):/, UvErrors.invalidSpec],
  [/^Requested package name (\S+) does not match/, UvErrors.invalidSpec],
  [/^Failed to parse: (.*)$/m, UvErrors.invalidSpec],

  [/^Virtual environment redirect file at .+ is empty|environment is externally managed/, Common.storageFailed],
  [/^(?!Failed to spawn)[^]*No such file or directory \(os error 2\)/, Common.storageFailed]
]
