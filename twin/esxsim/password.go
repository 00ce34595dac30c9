package main

import (
	"strconv"
	"strings"
	"unicode"
)

const allClasses = 4

// passwordRule is Security.PasswordQualityControl, in the words of pam_passwdqc.
type passwordRule struct {
	least       [5]int // by count of classes: one, two, a passphrase, three, four; -1 is disabled
	most        int
	denySimilar bool
}

func parseRule(text string) passwordRule {
	rule := passwordRule{most: 72, denySimilar: true}
	for _, word := range strings.Fields(text) {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "min":
			for i, length := range strings.Split(value, ",") {
				n, err := strconv.Atoi(length)
				if err != nil {
					n = -1
				}
				rule.least[i] = n
			}
		case "max":
			rule.most, _ = strconv.Atoi(value) // the option's pattern lets only digits through
		case "similar":
			rule.denySimilar = value == "deny"
		}
	}
	return rule
}

// accepts returns whether a password is long and mixed enough and does not repeat the old or the name.
func (r passwordRule) accepts(password, user, old string) bool {
	if len(password) > r.most {
		return false
	}
	if r.denySimilar && similar(password, old) {
		return false
	}
	if user != "" && strings.Contains(strings.ToLower(password), strings.ToLower(user)) {
		return false
	}
	byClasses := map[int]int{1: 0, 2: 1, 3: 3, allClasses: 4}
	for classes := classesOf(password); classes > 0; classes-- {
		if least := r.least[byClasses[classes]]; least >= 0 && len(password) >= least {
			return true
		}
	}
	return false
}

func similar(password, old string) bool {
	return old != "" && strings.Contains(strings.ToLower(password), strings.ToLower(old))
}

// classesOf counts lower case, upper case, digits and the rest; a capital at the start and a digit at
// the end do not count, as in pam_passwdqc.
func classesOf(password string) int {
	var lower, upper, digit, other int
	runes := []rune(password)
	for i, c := range runes {
		switch {
		case unicode.IsLower(c):
			lower = 1
		case unicode.IsUpper(c):
			if i > 0 {
				upper = 1
			}
		case unicode.IsDigit(c):
			if i < len(runes)-1 {
				digit = 1
			}
		default:
			other = 1
		}
	}
	return lower + upper + digit + other
}
