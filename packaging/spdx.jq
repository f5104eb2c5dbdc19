# SPDX-License-Identifier: MIT
# jq -e -f spdx.jq SBOM: true if it is what SPDX 2.3 asks of a document, its
# packages and relationships (chapters 6, 7 and 11 of the specification), and
# nothing in it points nowhere. Else an error says what is wrong.

def must(condition; what): if condition then . else error(what) end;
def is_id: test("^SPDXRef-[A-Za-z0-9.-]+$");
def is_licence: test("^(LicenseRef-)?[A-Za-z0-9.-]+( (OR|AND|WITH) [A-Za-z0-9.-]+)*$");
def only(names): (keys - names) == [];

def check_package(licences):
	. as $p |
	must(only(["SPDXID", "name", "versionInfo", "packageFileName", "downloadLocation",
		"filesAnalyzed", "licenseConcluded", "licenseDeclared", "copyrightText",
		"checksums", "externalRefs", "primaryPackagePurpose"]); "\(.name): a field that is none") |
	must(.SPDXID | is_id; "\(.name): its id") |
	must(.downloadLocation == "NOASSERTION"; "\(.name): where it is from") |
	must(.filesAnalyzed == false; "\(.name): files are not listed") |
	must([.versionInfo, .packageFileName, .copyrightText] | all(type == "string" and . != "");
		"\(.name): a field is empty") |
	must([.licenseConcluded, .licenseDeclared] | all(is_licence); "\(.name): its licence") |
	must([.licenseConcluded | scan("LicenseRef-[A-Za-z0-9.-]+")] - licences == [];
		"\(.name): a licence that is not explained") |
	must(.checksums | length == 1 and (.[0] | .algorithm == "SHA256" and
		(.checksumValue | test("^[0-9a-f]{64}$"))); "\(.name): its hash") |
	must((.externalRefs // []) | all(.referenceCategory == "PACKAGE-MANAGER" and
		.referenceType == "purl" and
		(.referenceLocator | test("^pkg:deb/[a-z]+/[a-z0-9.+-]+@[^?]+\\?arch=source$")));
		"\(.name): its purl");

. as $document |
([.SPDXID] + [.packages[].SPDXID]) as $ids |
[.hasExtractedLicensingInfos[].licenseId] as $licences |
must(only(["spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo",
	"packages", "hasExtractedLicensingInfos", "relationships"]); "a field that is none") |
must(.spdxVersion == "SPDX-2.3" and .dataLicense == "CC0-1.0" and
	.SPDXID == "SPDXRef-DOCUMENT" and (.name | length > 0); "its head") |
must(.documentNamespace | test("^https://[^#]+$"); "its name space") |
must(.creationInfo.created | test("^[0-9]{4}(-[0-9]{2}){2}T([0-9]{2}:){2}[0-9]{2}Z$"); "its time") |
must(.creationInfo.creators | length > 0 and all(test("^(Tool|Person|Organization): ")); "its maker") |
must(.hasExtractedLicensingInfos | all((.licenseId | startswith("LicenseRef-")) and
	(.extractedText | length > 0)); "a licence without its text") |
must($ids | length == (unique | length); "an id stands twice") |
(.packages[] |= check_package($licences)) |
must(.relationships | all([.spdxElementId, .relatedSpdxElement] - $ids == []);
	"a relationship with what is not there") |
must(.relationships | all(.relationshipType | IN("DESCRIBES", "STATIC_LINK")); "a relationship") |
must([.packages[].SPDXID] - [.relationships[].relatedSpdxElement] == [];
	"a package that belongs to nothing") |
"\(.packages | length) packages, \(.relationships | length) relationships: as SPDX 2.3 has it"
